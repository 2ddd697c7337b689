package backend

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// recorder is a server that keeps the bodies of requests and answers by a
// function.
type recorder struct {
	mu     sync.Mutex
	bodies []map[string]any
	paths  []string
}

func (rec *recorder) serve(t *testing.T, answer func(path string, body map[string]any) (int, any)) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		decode(r, &body)
		rec.mu.Lock()
		rec.bodies, rec.paths = append(rec.bodies, body), append(rec.paths, r.URL.RequestURI())
		rec.mu.Unlock()
		status, v := answer(r.URL.Path, body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, name string, cfg Config) translate.Backend {
	t.Helper()
	if cfg.Getenv == nil {
		cfg.Getenv = testEnv
	}
	b, err := New(name, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Close(b) })
	return b
}

func TestDeepL(t *testing.T) {
	var rec recorder
	url := rec.serve(t, func(path string, body map[string]any) (int, any) {
		switch path {
		case "/v3/glossaries":
			return 200, map[string]any{"glossaries": []any{map[string]any{"glossary_id": "id-1", "name": "desk",
				"dictionaries": []any{map[string]any{"source_lang": "fr", "target_lang": "en", "entry_count": 3}}}}}
		case "/v2/usage":
			return 200, map[string]int{"character_count": 30, "character_limit": 500000}
		}
		var list []any
		for _, text := range body["text"].([]any) {
			list = append(list, map[string]any{"text": text})
		}
		return 200, map[string]any{"translations": list}
	})
	b := open(t, "deepl", Config{BaseURL: url, Formality: "more", Glossary: "desk"})
	req := ask(`A & B < C : <x id="1">ISIS</x>.`, "Deux.")
	req.Items[0].Before, req.Items[0].After, req.Items[1].Before = "Avant.", "Deux.", `A & B < C : <x id="1">ISIS</x>.`
	got, err := b.Translate(t.Context(), req)
	if err != nil || got[0].Text != req.Items[0].Text || got[1].Text != "Deux." {
		t.Fatal(got, err)
	}
	b.Translate(t.Context(), ask("Trois."))
	if p := strings.Join(rec.paths, " "); p != "/v3/glossaries /v2/translate /v2/translate" {
		t.Error(p)
	}
	q := rec.bodies[1]
	for k, want := range map[string]any{"source_lang": "FR", "target_lang": "EN-US", "formality": "prefer_more", "glossary_id": "id-1",
		"split_sentences": "0", "tag_handling": "xml", "context": `Avant. A & B < C : <x id="1">ISIS</x>. Deux.`} {
		if q[k] != want {
			t.Errorf("%s = %v, want %v", k, q[k], want)
		}
	}
	if sent := q["text"].([]any)[0]; sent != `A &amp; B &lt; C : <x id="1">ISIS</x>.` {
		t.Error(sent)
	}
	if _, tagged := rec.bodies[2]["tag_handling"]; tagged || rec.bodies[2]["context"] != nil {
		t.Error(rec.bodies[2])
	}
	if u, err := b.(*deepl).Usage(t.Context()); err != nil || u.Used != 30 || u.Limit != 500000 {
		t.Error(u, err)
	}
	b = open(t, "deepl", Config{BaseURL: url, Glossary: "none"})
	if _, err := b.Translate(t.Context(), ask("Un.")); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), `no glossary "none"`) {
		t.Error(err)
	}
	for key, host := range map[string]string{"abc:fx": "api-free.deepl.com", "abc": "api.deepl.com"} {
		b := open(t, "deepl", Config{Getenv: func(string) string { return key }})
		if h := b.(*deepl).client.base.Host; h != host {
			t.Error(key, h)
		}
	}
	for tag, want := range map[string]string{"en": "EN-US", "en-GB": "EN-GB", "en-US": "EN-US", "de": "DE", "pt": "PT-BR", "pt-PT": "PT-PT"} {
		if got := deeplTag(language.MustParse(tag), true); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}

func TestMicrosoftAlignment(t *testing.T) {
	// 😀 is two UTF-16 units.
	links := alignment("0:1-0:1 3:7-3:7 9:99-0:1 x", "😀 Paris", "😀 Paris")
	want := []translate.Link{{Source: segment.Span{Start: 0, End: 4}, Target: segment.Span{Start: 0, End: 4}},
		{Source: segment.Span{Start: 5, End: 10}, Target: segment.Span{Start: 5, End: 10}}}
	if fmt.Sprint(links) != fmt.Sprint(want) {
		t.Error(links)
	}
}

// chat serves the chat completions; answer gets the segments and gives the
// content of the message.
func chat(t *testing.T, rec *recorder, answer func(call int, segments []promptSegment) string) string {
	call := 0
	return rec.serve(t, func(path string, body map[string]any) (int, any) {
		if path == "/models" {
			return 200, map[string]any{"object": "list", "data": []any{map[string]string{"id": "test-model", "object": "model"}}}
		}
		content := body["messages"].([]any)[1].(map[string]any)["content"].(string)
		var q struct{ Segments []promptSegment }
		json.Unmarshal([]byte(content), &q)
		call++
		return 200, completion(answer(call-1, q.Segments), "stop")
	})
}

func reply(segments []promptSegment, change func(i int, s promptSegment) []string) string {
	var list []any
	for i, s := range segments {
		texts := []string{english(s.Text)}
		if change != nil {
			texts = change(i, s)
		}
		for _, text := range texts {
			list = append(list, map[string]string{"id": s.ID, "text": text})
		}
	}
	out, _ := json.Marshal(map[string]any{"translations": list})
	return string(out)
}

// What a model does wrong in the first answer is found and asked again one by
// one; the second answer is good.
func TestOpenAIAsksAgainOneByOne(t *testing.T) {
	source := []string{"Le premier ministre a parlé.", "Le deuxième ministre s'est tu.", "Le troisième est parti."}
	for _, c := range []struct {
		name   string
		change func(i int, s promptSegment) []string
		wrap   func(string) string
		again  string // the texts of the further requests
	}{
		{name: "nothing wrong"},
		{name: "missing", change: func(i int, s promptSegment) []string {
			if i == 1 {
				return nil
			}
			return []string{english(s.Text)}
		}, again: source[1]},
		{name: "merged into the one before", change: func(i int, s promptSegment) []string {
			switch i {
			case 0:
				return []string{english(source[0]) + " " + english(source[1])}
			case 1:
				return nil
			}
			return []string{english(s.Text)}
		}, again: source[0] + "," + source[1]},
		{name: "merged into the one after", change: func(i int, s promptSegment) []string {
			switch i {
			case 1:
				return []string{""}
			case 2:
				return []string{english(source[1]) + " " + english(source[2])}
			}
			return []string{english(s.Text)}
		}, again: source[1] + "," + source[2]},
		{name: "two translations", change: func(i int, s promptSegment) []string {
			if i == 2 {
				return []string{"The third left.", "The third one has gone."}
			}
			return []string{english(s.Text)}
		}, again: source[2]},
		{name: "comment before", change: func(i int, s promptSegment) []string {
			if i == 0 {
				return []string{"Here is the translation: The prime minister spoke."}
			}
			return []string{english(s.Text)}
		}, again: source[0]},
		{name: "comment after", change: func(i int, s promptSegment) []string {
			if i == 0 {
				return []string{"The prime minister spoke.\n\nI kept the title."}
			}
			return []string{english(s.Text)}
		}, again: source[0]},
		{name: "note", change: func(i int, s promptSegment) []string {
			if i == 1 {
				return []string{"The second one kept silent. (Note: \"se taire\" is \"to be silent\".)"}
			}
			return []string{english(s.Text)}
		}, again: source[1]},
		{name: "the source again", change: func(i int, s promptSegment) []string {
			if i == 1 {
				return []string{s.Text}
			}
			return []string{english(s.Text)}
		}, again: source[1]},
		{name: "a fence and a sentence around it", wrap: func(s string) string { return "Sure! Here you are:\n```json\n" + s + "\n```" }},
		{name: "an item that nobody asked for", wrap: func(s string) string {
			return strings.Replace(s, `[{`, `[{"id":"s77","text":"Extra."},{`, 1)
		}},
		{name: "an unknown ID in place of one", wrap: func(s string) string { return strings.Replace(s, `"s2"`, `"2"`, 1) }, again: source[1]},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rec recorder
			var again []string
			url := chat(t, &rec, func(call int, segments []promptSegment) string {
				if call > 0 {
					for _, s := range segments {
						again = append(again, s.Text)
					}
					return reply(segments, nil)
				}
				out := reply(segments, c.change)
				if c.wrap != nil {
					out = c.wrap(out)
				}
				return out
			})
			b := Wrap(open(t, "openai", Config{BaseURL: url, Model: "test-model"}), conformance)
			got, err := b.Translate(t.Context(), ask(source...))
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range got {
				if r.Text != english(source[i]) || r.Err != nil || len(r.Findings) > 0 {
					t.Errorf("%d: %+v", i, r)
				}
			}
			if a := strings.Join(again, ","); a != c.again {
				t.Errorf("asked again: %q, want %q", a, c.again)
			}
		})
	}
}

// A model that cannot be brought to reason leaves drafts with findings, and
// gaps where nothing came.
func TestOpenAIKeepsDrafts(t *testing.T) {
	var rec recorder
	url := chat(t, &rec, func(_ int, segments []promptSegment) string {
		return reply(segments, func(_ int, s promptSegment) []string {
			switch {
			case strings.HasPrefix(s.Text, "Un"):
				return []string{"Here is the translation of the text that you gave me: One."}
			case strings.HasPrefix(s.Text, "Deux"):
				return nil
			}
			return []string{english(s.Text)}
		})
	})
	b := Wrap(open(t, "openai", Config{BaseURL: url, Model: "test-model"}), conformance)
	got, err := b.Translate(t.Context(), ask("Un soir.", "Deux.", "Trois."))
	if err != nil || !strings.Contains(got[0].Text, "One.") || len(got[0].Findings) != 1 || got[0].Findings[0].Rule != RuleCommentary ||
		got[1].Text != "" || translate.CauseOf(got[1].Err) != translate.CauseAnswer || got[2].Text != "EN Trois." {
		t.Errorf("%+v %v", got, err)
	}
	// Three tries for each, and no more.
	if len(rec.bodies) != 1+2*2 {
		t.Error(len(rec.bodies), "requests")
	}
	if s := Spent(b)[0]; s.TokensIn == 0 || s.TokensOut == 0 || s.Requests != 5 {
		t.Errorf("%+v", s)
	}
}

func TestOpenAIPrompt(t *testing.T) {
	var rec recorder
	url := chat(t, &rec, func(_ int, segments []promptSegment) string { return reply(segments, nil) })
	b := open(t, "openai", Config{BaseURL: url, Model: "test-model", Style: []string{"Spell it “Kyiv”."}})
	req := ask("Daesh recule.", "L'EI aussi.")
	req.Items[0].Before, req.Items[0].After = "Avant.", "L'EI aussi."
	req.Items[1].Before, req.Items[1].After = "Daesh recule.", "Après."
	req.Items[0].Terms = []translate.TermRequest{{Span: segment.Span{Start: 0, End: 5}, Targets: []string{"ISIS", "Islamic State"}, Note: "house style"}}
	req.Items[1].Examples = []translate.Example{{Source: "Lui aussi.", Target: "Him too."}}
	if _, err := b.Translate(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	messages := rec.bodies[0]["messages"].([]any)
	if system := messages[0].(map[string]any)["content"].(string); !strings.Contains(system, "- Spell it “Kyiv”.\n") {
		t.Error(system)
	}
	want := `{"from":"French","to":"English","segments":[` +
		`{"id":"s1","before":"Avant.","text":"Daesh recule.","terms":[{"source":"Daesh","target":"ISIS","also":["Islamic State"],"note":"house style"}]},` +
		`{"id":"s2","text":"L'EI aussi.","after":"Après.","examples":[{"source":"Lui aussi.","target":"Him too."}]}]}`
	if user := messages[1].(map[string]any)["content"]; user != want {
		t.Errorf("got  %s\nwant %s", user, want)
	}
	other := open(t, "openai", Config{BaseURL: url, Model: "test-model"})
	if b.Info().Settings == other.Info().Settings {
		t.Error("the style is not in the fingerprint")
	}
	if err := ready(t.Context(), b); err != nil {
		t.Error(err)
	}
	if err := ready(t.Context(), open(t, "openai", Config{BaseURL: url, Model: "other"})); err == nil || !strings.Contains(err.Error(), "it has test-model") {
		t.Error(err)
	}
}

// Servers and models that lack JSON schemas or temperatures are served too.
func TestOpenAIAdapts(t *testing.T) {
	var rec recorder
	url := rec.serve(t, func(_ string, body map[string]any) (int, any) {
		format, _ := body["response_format"].(map[string]any)
		fail := func(param, message string) (int, any) {
			return 400, map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error", "param": param, "code": "unsupported_value"}}
		}
		switch {
		case body["temperature"] != nil:
			return fail("temperature", "Unsupported value: 'temperature' does not support 0 with this model.")
		case format["type"] == "json_schema":
			return fail("response_format", "response_format json_schema is not supported")
		case format != nil:
			return fail("response_format", "'response_format' is not supported")
		}
		return 200, completion(`{"translations":[{"id":"s1","text":"One."}]}`, "stop")
	})
	b := open(t, "openai", Config{BaseURL: url, Model: "test-model"})
	for range 2 {
		if got, err := b.Translate(t.Context(), ask("Un.")); err != nil || got[0].Text != "One." {
			t.Fatal(got, err)
		}
	}
	if len(rec.bodies) != 4+1 {
		t.Error(len(rec.bodies), "requests")
	}
}

func TestOpenAIStops(t *testing.T) {
	for reason, cause := range map[string]translate.Cause{"length": translate.CauseAnswer, "content_filter": translate.CauseRequest} {
		var rec recorder
		url := rec.serve(t, func(string, map[string]any) (int, any) { return 200, completion(`{"translations":[{"id":"s1"`, reason) })
		if _, err := open(t, "openai", Config{BaseURL: url, Model: "m"}).Translate(t.Context(), ask("Un.")); translate.CauseOf(err) != cause {
			t.Error(reason, err)
		}
	}
}

// The key of one service never goes to another's server.
func TestOpenAIKeyGoesToItsOwnServerOnly(t *testing.T) {
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { header = r.Header; w.WriteHeader(500) }))
	defer server.Close()
	open(t, "openai", Config{BaseURL: server.URL, Model: "m"}).Translate(t.Context(), ask("Un."))
	if strings.Contains(fmt.Sprint(header), testKey) {
		t.Error("OPENAI_API_KEY was sent to another server")
	}
	if _, err := New("openai", Config{BaseURL: "http://llm.example.com/v1", KeyEnv: "OPENAI_API_KEY", Model: "m", Getenv: testEnv}); err == nil || !strings.Contains(err.Error(), "use https") {
		t.Error(err)
	}
}

func TestGoogle(t *testing.T) {
	s := newService(func(int, []string) string { return "" })
	f, addr := serveGoogle(t, s)
	base := Config{Project: "desk", BaseURL: addr, Insecure: true}
	with := func(change func(*Config)) Config { c := base; change(&c); return c }
	t.Run("general", func(t *testing.T) {
		b := open(t, "google", with(func(c *Config) { c.Model = "general/nmt" }))
		if _, err := b.Translate(t.Context(), ask("Un.")); err != nil {
			t.Fatal(err)
		}
		if f.last.Model != "projects/desk/locations/global/models/general/nmt" || f.last.Parent != "projects/desk/locations/global" || f.last.GlossaryConfig != nil {
			t.Error(f.last)
		}
	})
	t.Run("glossary", func(t *testing.T) {
		b := open(t, "google", with(func(c *Config) { c.Glossary, c.Contextual, c.IgnoreCase = "news", true, true }))
		got, err := b.Translate(t.Context(), ask("Un.", "Deux."))
		if err != nil || got[0].Text != "GLOSSARY EN Un." || got[1].Text != "GLOSSARY EN Deux." {
			t.Fatal(got, err)
		}
		g := f.last.GlossaryConfig
		if g.Glossary != "projects/desk/locations/us-central1/glossaries/news" || !g.IgnoreCase || !g.ContextualTranslationEnabled {
			t.Error(g)
		}
	})
	t.Run("adaptive", func(t *testing.T) {
		b := open(t, "google", with(func(c *Config) { c.Data = "dispatches" }))
		if got, err := Batch(b, 2).Translate(t.Context(), ask("Un.", "Deux.")); err != nil || texts(got) != "EN Un.|EN Deux." {
			t.Fatal(got, err)
		}
		if f.adaptive.Dataset != "projects/desk/locations/us-central1/adaptiveMtDatasets/dispatches" || b.Info().Model != "adaptive" {
			t.Error(f.adaptive)
		}
	})
	// A spent quota comes as 403 too, and is waited for.
	for _, fault := range []string{"403 quota", "403 plain"} {
		t.Run(fault, func(t *testing.T) {
			s := newService(func(call int, _ []string) string {
				if call < 3 {
					return fault
				}
				return ""
			})
			_, addr := serveGoogle(t, s)
			b := Wrap(open(t, "google", Config{Project: "desk", BaseURL: addr, Insecure: true}), conformance)
			if got, err := b.Translate(t.Context(), ask("Un.")); err != nil || got[0].Text != "EN Un." || s.chars != 3 {
				t.Error(got, err, s.chars)
			}
		})
	}
	t.Run("forbidden", func(t *testing.T) {
		s := newService(func(int, []string) string { return "forbidden" })
		_, addr := serveGoogle(t, s)
		b := Wrap(open(t, "google", Config{Project: "desk", BaseURL: addr, Insecure: true}), conformance)
		_, err := b.Translate(t.Context(), ask("Un."))
		if translate.CauseOf(err) != translate.CauseAuth || !strings.Contains(err.Error(), "role Cloud Translation API User in project desk") || s.calls != 1 {
			t.Error(err, s.calls)
		}
		if err := ready(t.Context(), b); err != nil {
			t.Error("wrappers hide the check", err)
		}
	})
	t.Run("no credentials", func(t *testing.T) {
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", t.TempDir()+"/none.json")
		_, err := open(t, "google", Config{Project: "desk"}).Translate(t.Context(), ask("Un."))
		if translate.CauseOf(err) != translate.CauseAuth || !strings.Contains(err.Error(), "gcloud auth application-default login") {
			t.Error(err)
		}
	})
	if _, err := New("google", Config{Getenv: func(string) string { return "" }}); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), "set project") {
		t.Error(err)
	}
	var c Duration
	if c.UnmarshalText([]byte("90s")) != nil || time.Duration(c) != 90*time.Second || c.UnmarshalText([]byte("-1s")) == nil {
		t.Error(c)
	}
}
