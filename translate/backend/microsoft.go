package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"

	"depeche/segment"
	"depeche/translate"
)

// microsoft is Azure AI Translator v3
// (https://learn.microsoft.com/azure/ai-services/translator/text-translation/reference/v3/translate).
type microsoft struct {
	name   string
	cfg    Config
	client *client
}

func openMicrosoft(name string, cfg Config) (translate.Backend, error) {
	key, err := cfg.key(name, "MICROSOFT_TRANSLATOR_KEY", "AZURE_TRANSLATOR_KEY")
	if err != nil {
		return nil, keyError(name, err, cmp.Or(cfg.KeyEnv, "MICROSOFT_TRANSLATOR_KEY"))
	}
	c, err := newClient(name, cmp.Or(cfg.BaseURL, "https://api.cognitive.microsofttranslator.com"), key)
	if err != nil {
		return nil, err
	}
	c.header.Set("Ocp-Apim-Subscription-Key", key)
	if cfg.Location != "" {
		c.header.Set("Ocp-Apim-Subscription-Region", cfg.Location)
	}
	c.remedy[translate.CauseAuth] = fmt.Sprintf("see that the key is right, and that location under [backends.%s] is the region of the resource", name)
	c.explain = func(status int, body []byte) (string, translate.Cause) {
		var e struct {
			Error struct {
				Code    int
				Message string
			}
		}
		json.Unmarshal(body, &e)
		cause := translate.Cause("")
		// The codes start with the HTTP status that the error stands for.
		switch code := e.Error.Code; {
		case code == 0 && e.Error.Message == "":
			return "", ""
		case code == 403001:
			cause = translate.CauseQuota
		case code/1000 == 429:
			cause = translate.CauseRate
		case code/1000 == 401 || code/1000 == 403:
			cause = translate.CauseAuth
		case code/1000 == 500 || code/1000 == 503:
			cause = translate.CauseTemporary
		case status == 200:
			cause = translate.CauseRequest
		}
		return fmt.Sprintf("%d %s", e.Error.Code, e.Error.Message), cause
	}
	return &microsoft{name: name, cfg: cfg, client: c}, nil
}

// Info has the service's limits: 1,000 texts and 50,000 characters.
func (m *microsoft) Info() translate.Info {
	return translate.Info{Name: m.name, Model: m.cfg.Model, Network: true, Paid: true,
		MaxItems: lower(1000, m.cfg.MaxItems), MaxChars: lower(50_000, m.cfg.MaxChars)}
}

func (m *microsoft) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	type text struct{ Text string }
	body := make([]text, len(req.Items))
	for i, item := range req.Items {
		body[i].Text = item.Text
	}
	query := url.Values{"api-version": {"3.0"}, "from": {baseTag(req.From)}, "to": {baseTag(req.To)}, "textType": {"plain"}, "includeAlignment": {"true"}}
	if m.cfg.Model != "" {
		query.Set("category", m.cfg.Model) // a custom model
	}
	var answer []struct {
		Translations []struct {
			Text      string
			Alignment struct{ Proj string }
		}
	}
	if err := m.client.post(ctx, "/translate", query, body, &answer); err != nil {
		return nil, err
	}
	results := make([]translate.Result, len(answer))
	for i, a := range answer {
		if len(a.Translations) == 0 {
			continue
		}
		t := a.Translations[0]
		results[i].Text = strings.TrimSpace(t.Text)
		if i < len(req.Items) && results[i].Text == t.Text {
			results[i].Alignment = alignment(t.Alignment.Proj, req.Items[i].Text, t.Text)
		}
	}
	return results, nil
}

// alignment reads "0:4-0:3 6:9-5:10": ranges of UTF-16 units, both ends
// included. A link that does not fit the texts is left out.
func alignment(proj, source, target string) []translate.Link {
	if proj == "" {
		return nil
	}
	from, to := utf16Offsets(source), utf16Offsets(target)
	var links []translate.Link
	for pair := range strings.FieldsSeq(proj) {
		s, t, ok := strings.Cut(pair, "-")
		if !ok {
			continue
		}
		a, ok1 := utf16Span(s, from)
		b, ok2 := utf16Span(t, to)
		if ok1 && ok2 {
			links = append(links, translate.Link{Source: a, Target: b})
		}
	}
	return links
}

// utf16Offsets gives the byte offset of each UTF-16 unit, and of the end.
func utf16Offsets(s string) []int {
	var list []int
	for i, r := range s {
		for range max(1, utf16.RuneLen(r)) {
			list = append(list, i)
		}
	}
	return append(list, len(s))
}

func utf16Span(s string, offsets []int) (segment.Span, bool) {
	first, last, ok := strings.Cut(s, ":")
	a, err1 := strconv.Atoi(first)
	b, err2 := strconv.Atoi(last)
	if !ok || err1 != nil || err2 != nil || a < 0 || b < a || b+1 >= len(offsets) {
		return segment.Span{}, false
	}
	return segment.Span{Start: offsets[a], End: offsets[b+1]}, true
}

// Ready translates one letter: the service has no call that sees the key and
// costs nothing.
func (m *microsoft) Ready(ctx context.Context) error {
	var answer json.RawMessage
	return m.client.post(ctx, "/translate", url.Values{"api-version": {"3.0"}, "from": {"fr"}, "to": {"en"}},
		[]map[string]string{{"Text": "a"}}, &answer)
}

// Close drops the idle connections.
func (m *microsoft) Close() error { return m.client.Close() }
