package backend

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// testKey is the key of all fakes. It must never be seen in a message or a log.
const testKey = "SECRET-0123456789-KEY"

// service is what the fakes of all services share: it knows which fault comes
// next, and counts what it would charge.
type service struct {
	fault   func(call int, texts []string) string // "" for none
	mu      sync.Mutex
	calls   int
	billed  map[string]int // by text: how often it was charged
	chars   int
	latency time.Duration       // of each request
	inside  chan struct{}       // gets a value when a request is in flight
	machine func(string) string // translates
}

func newService(fault func(int, []string) string) *service {
	return &service{fault: fault, billed: map[string]int{}, inside: make(chan struct{}, 1000), machine: english}
}

// next takes a request in and says which fault it shall meet.
func (s *service) next(texts []string) string {
	time.Sleep(s.latency)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	select {
	case s.inside <- struct{}{}:
	default:
	}
	return s.fault(s.calls-1, texts)
}

// charge charges for texts: whenever the work was done, delivered or not.
func (s *service) charge(texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range texts {
		s.billed[t]++
		s.chars += utf8.RuneCountInString(t)
	}
}

// english is what the fakes make of a French text: recognisably its own, and
// with every character of it.
func english(text string) string { return "EN " + text }

// protocol is how one service speaks over HTTP.
type protocol struct {
	name   string
	config Config // base_url aside
	byID   bool   // answers carry IDs
	single bool   // one text in a request
	free   bool   // no key, no quota
	path   string
	// parse reads the IDs and texts of a request and whether its key is right.
	parse func(r *http.Request) (ids, texts []string, key bool)
	// answer writes the answer for texts with these IDs.
	answer func(ids, targets []string) any
	// refusals are the service's own errors: "key", "quota", "rate", "down",
	// and "inside" with status 200.
	refusals map[string]refusal
}

type refusal struct {
	status int
	body   string
}

func (p protocol) serve(t testing.TB, s *service) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != p.path {
			t.Errorf("%s: a request for %s, want %s", p.name, r.URL.Path, p.path)
		}
		ids, texts, key := p.parse(r)
		fault := s.next(texts)
		if !key && !p.free {
			fault = "key"
		}
		refuse := func(name string) {
			f, ok := p.refusals[name]
			if !ok {
				f = p.refusals["down"]
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(f.status)
			io.WriteString(w, f.body)
		}
		var targets []string
		for _, text := range texts {
			targets = append(targets, s.machine(text))
		}
		switch fault {
		case "key", "quota", "inside":
			refuse(fault)
			return
		case "429":
			refuse("rate")
			return
		case "429 after":
			w.Header().Set("Retry-After", "1")
			refuse("rate")
			return
		case "500":
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "oops")
			return
		case "503":
			w.Header().Set("Retry-After", "1")
			refuse("down")
			return
		case "400":
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"message":"bad text"}`)
			return
		case "html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<!doctype html><title>Wi-Fi</title><p>Please log in")
			return
		case "nothing":
			w.Header().Set("Content-Type", "application/json")
			return
		case "hang":
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
			return
		}
		s.charge(texts)
		switch fault {
		case "fewer":
			ids, targets = ids[:len(ids)-1], targets[:len(targets)-1]
		case "more":
			ids, targets = append(ids, "s999"), append(targets, "What is this?")
		case "reordered":
			for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
				ids[i], ids[j], targets[i], targets[j] = ids[j], ids[i], targets[j], targets[i]
			}
		case "duplicate":
			ids, targets = append(ids, ids[0]), append(targets, "Something else.")
		case "empty text":
			targets[0] = ""
		}
		body, _ := json.Marshal(p.answer(ids, targets))
		w.Header().Set("Content-Type", "application/json")
		switch fault {
		case "truncated":
			body = body[:len(body)/2]
		case "reset", "slow":
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			w.Write(body[:len(body)/2])
			w.(http.Flusher).Flush()
			if fault == "slow" {
				select {
				case <-r.Context().Done():
				case <-time.After(10 * time.Second):
				}
				return
			}
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
			return
		}
		w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func decode(r *http.Request, v any) {
	body, _ := io.ReadAll(r.Body)
	json.Unmarshal(body, v)
}

// numbered are IDs for protocols that have none.
func numbered(texts []string) []string {
	ids := make([]string, len(texts))
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	return ids
}

// protocols are the HTTP services of the table, as their references describe
// them.
var protocols = []protocol{
	{
		name: "deepl", path: "/v2/translate", config: Config{Terms: TermsProtect},
		parse: func(r *http.Request) (ids, texts []string, key bool) {
			var q struct {
				Text []string
				From string `json:"source_lang"`
				To   string `json:"target_lang"`
			}
			decode(r, &q)
			return numbered(q.Text), q.Text, r.Header.Get("Authorization") == "DeepL-Auth-Key "+testKey && q.From == "FR" && q.To == "EN-US"
		},
		answer: func(_, targets []string) any {
			type one struct {
				From string `json:"detected_source_language"`
				Text string `json:"text"`
			}
			list := []one{}
			for _, t := range targets {
				list = append(list, one{"FR", t})
			}
			return map[string]any{"translations": list}
		},
		refusals: map[string]refusal{
			"key": {403, ``}, "quota": {456, `{"message":"Quota exceeded"}`}, "rate": {429, `{"message":"Too many requests"}`},
			"down": {503, `{"message":"Resource temporarily unavailable"}`}, "inside": {200, `{"message":"Internal error"}`},
		},
	},
	{
		name: "libretranslate", path: "/translate",
		parse: func(r *http.Request) (ids, texts []string, key bool) {
			var q struct {
				Q              []string
				Source, Target string
				Key            string `json:"api_key"`
			}
			decode(r, &q)
			return numbered(q.Q), q.Q, q.Key == testKey && q.Source == "fr" && q.Target == "en"
		},
		answer: func(_, targets []string) any { return map[string]any{"translatedText": targets} },
		refusals: map[string]refusal{
			"key": {403, `{"error":"Invalid API key"}`}, "rate": {429, `{"error":"Slowdown: 80 per 1 minute"}`},
			"down": {500, `{"error":"Cannot translate text: worker died"}`}, "inside": {200, `{"error":"Cannot translate text: worker died"}`},
		},
	},
	{
		name: "microsoft", path: "/translate", config: Config{Location: "westeurope"},
		parse: func(r *http.Request) (ids, texts []string, key bool) {
			var q []struct{ Text string }
			decode(r, &q)
			for _, t := range q {
				texts = append(texts, t.Text)
			}
			v := r.URL.Query()
			return numbered(texts), texts, r.Header.Get("Ocp-Apim-Subscription-Key") == testKey && r.Header.Get("Ocp-Apim-Subscription-Region") == "westeurope" &&
				v.Get("api-version") == "3.0" && v.Get("from") == "fr" && v.Get("to") == "en"
		},
		answer: func(_, targets []string) any {
			type one struct {
				Text string `json:"text"`
				To   string `json:"to"`
			}
			list := []any{}
			for _, t := range targets {
				list = append(list, map[string]any{"translations": []one{{t, "en"}}})
			}
			return list
		},
		refusals: map[string]refusal{
			"key":    {401, `{"error":{"code":401000,"message":"The request is not authorized because credentials are missing or invalid."}}`},
			"quota":  {403, `{"error":{"code":403001,"message":"The operation isn't allowed because the subscription has exceeded its free quota."}}`},
			"rate":   {429, `{"error":{"code":429001,"message":"The server rejected the request because the client has exceeded request limits."}}`},
			"down":   {503, `{"error":{"code":503000,"message":"Service is temporarily unavailable. Please retry."}}`},
			"inside": {200, `{"error":{"code":500000,"message":"An unexpected error occurred."}}`},
		},
	},
	{
		name: "openai", path: "/chat/completions", byID: true, config: Config{Model: "test-model", KeyEnv: "OPENAI_API_KEY"},
		parse: func(r *http.Request) (ids, texts []string, key bool) {
			var q struct {
				Model       string
				Temperature *float64
				Messages    []struct{ Role, Content string }
				Format      struct{ Type string } `json:"response_format"`
			}
			decode(r, &q)
			var m struct{ Segments []promptSegment }
			if len(q.Messages) == 2 {
				json.Unmarshal([]byte(q.Messages[1].Content), &m)
			}
			for _, s := range m.Segments {
				for _, t := range s.Terms { // a model obeys these, before the machine spoils it
					s.Text = strings.ReplaceAll(s.Text, t.Source, t.Target)
				}
				ids, texts = append(ids, s.ID), append(texts, s.Text)
			}
			return ids, texts, r.Header.Get("Authorization") == "Bearer "+testKey && q.Model == "test-model" &&
				q.Temperature != nil && *q.Temperature == 0 && q.Format.Type == "json_schema"
		},
		answer: func(ids, targets []string) any {
			type one struct {
				ID   string `json:"id"`
				Text string `json:"text"`
			}
			list := []one{}
			for i, t := range targets {
				list = append(list, one{ids[i], t})
			}
			content, _ := json.Marshal(map[string]any{"translations": list})
			return completion(string(content), "stop")
		},
		refusals: map[string]refusal{
			"key":    {401, `{"error":{"message":"Incorrect API key provided: ` + testKey + `.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`},
			"quota":  {429, `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`},
			"rate":   {429, `{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}`},
			"down":   {503, `{"error":{"message":"The server is overloaded","type":"server_error","param":null,"code":null}}`},
			"inside": {200, `{"error":{"message":"Provider returned error","code":502}}`},
		},
	},
	{
		name: "apertium", path: "/translate", single: true, free: true, config: Config{Modes: []string{"fra-eng"}},
		parse: func(r *http.Request) (ids, texts []string, key bool) {
			v := r.URL.Query()
			return []string{"0"}, []string{v.Get("q")}, v.Get("langpair") == "fra|eng" && v.Get("markUnknown") == "no"
		},
		answer: func(_, targets []string) any {
			text := ""
			if len(targets) > 0 {
				text = targets[0]
			}
			return map[string]any{"responseData": map[string]string{"translatedText": text}, "responseDetails": nil, "responseStatus": 200}
		},
		refusals: map[string]refusal{
			"rate":   {429, `{"status":"error","code":429,"message":"Too Many Requests","explanation":"That's an error"}`},
			"down":   {503, `{"status":"error","code":503,"message":"Service Unavailable","explanation":"Server overloaded"}`},
			"inside": {200, `{"responseData":{"translatedText":null},"responseDetails":null,"responseStatus":500}`},
		},
	},
}

// completion is an answer of the chat completions.
func completion(content, reason string) any {
	return map[string]any{"id": "x", "object": "chat.completion", "created": 1, "model": "test-model",
		"choices": []any{map[string]any{"index": 0, "finish_reason": reason, "message": map[string]any{"role": "assistant", "content": content}}},
		"usage":   map[string]int{"prompt_tokens": len(content) / 2, "completion_tokens": len(content) / 4, "total_tokens": len(content)}}
}

func testEnv(name string) string {
	if strings.Contains(name, "KEY") {
		return testKey
	}
	return ""
}
