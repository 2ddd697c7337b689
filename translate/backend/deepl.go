package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"depeche/translate"
)

// deepl is the DeepL API v2 with glossaries v3 (https://developers.deepl.com/docs).
type deepl struct {
	name   string
	cfg    Config
	client *client

	mu       sync.Mutex
	glossary map[[2]string]string    // pair of languages → ID of the configured one, once looked up
	kept     map[[2]string]deeplKept // pair of languages → the one of ours
}

func openDeepL(name string, cfg Config) (translate.Backend, error) {
	key, err := cfg.key(name, "DEEPL_API_KEY", "DEEPL_AUTH_KEY")
	if err != nil {
		return nil, keyError(name, err, cmp.Or(cfg.KeyEnv, "DEEPL_API_KEY"))
	}
	base := cfg.BaseURL
	if base == "" {
		// Keys of the free service end in ":fx" and are known to its host only.
		if base = "https://api.deepl.com"; strings.HasSuffix(key, ":fx") {
			base = "https://api-free.deepl.com"
		}
	}
	if err := cfg.checkTerms(name); err != nil {
		return nil, err
	}
	c, err := newClient(name, base, key)
	if err != nil {
		return nil, err
	}
	c.header.Set("Authorization", "DeepL-Auth-Key "+key)
	c.remedy[translate.CauseAuth] = "see that the key is right and of this service: keys of the free one end in \":fx\""
	c.remedy[translate.CauseQuota] = "the account's characters are used up: wait for the next month, raise its limit, or choose another backend with -b"
	c.explain = func(status int, body []byte) (string, translate.Cause) {
		var e struct{ Message, Detail string }
		json.Unmarshal(body, &e)
		if e.Message == "" {
			return "", ""
		}
		if status == 200 {
			return e.Message, translate.CauseTemporary
		}
		return strings.TrimSpace(e.Message + " " + e.Detail), ""
	}
	return &deepl{name: name, cfg: cfg, client: c, glossary: map[[2]string]string{}, kept: map[[2]string]deeplKept{}}, nil
}

// Info has the service's limits: 50 texts and 128 KiB in a request, of which
// escapes and context take their part.
func (d *deepl) Info() translate.Info {
	return translate.Info{Name: d.name, Model: d.cfg.Model, Network: true, Paid: true, Context: true,
		Settings: settings("formality", d.cfg.Formality, "glossary", d.cfg.Glossary, "terms", d.cfg.Terms),
		MaxItems: lower(50, d.cfg.MaxItems), MaxChars: lower(0, d.cfg.MaxChars), MaxBytes: 60_000}
}

type deeplRequest struct {
	Text         []string `json:"text"`
	From         string   `json:"source_lang"`
	To           string   `json:"target_lang"`
	Context      string   `json:"context,omitempty"`
	Formality    string   `json:"formality,omitempty"`
	Glossary     string   `json:"glossary_id,omitempty"`
	Model        string   `json:"model_type,omitempty"`
	Split        string   `json:"split_sentences"`
	TagHandling  string   `json:"tag_handling,omitempty"`
	IgnoreTags   []string `json:"ignore_tags,omitempty"`
	OutlineByTag *bool    `json:"outline_detection,omitempty"`
}

func (d *deepl) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	glossary, err := d.glossaryID(ctx, req.From, req.To)
	if err != nil {
		return nil, err
	}
	body := deeplRequest{From: deeplTag(req.From, false), To: deeplTag(req.To, true), Context: deeplContext(req.Items),
		Glossary: glossary, Model: d.cfg.Model,
		// One segment is one unit, whatever stops stand in it.
		Split: "0"}
	// Few target languages have a formality; the prefer_ forms are no error
	// in the others.
	if f := d.cfg.Formality; f != "" && f != "default" {
		body.Formality = "prefer_" + strings.TrimPrefix(f, "prefer_")
	}
	tags := slices.ContainsFunc(req.Items, func(i translate.Item) bool { return protectedTerm.MatchString(i.Text) })
	if tags {
		off := false
		body.TagHandling, body.IgnoreTags, body.OutlineByTag = "xml", []string{"x"}, &off
	}
	for _, item := range req.Items {
		text := item.Text
		if tags {
			text = escapeAround(text)
		}
		body.Text = append(body.Text, text)
	}
	var answer struct {
		Translations []struct{ Text string }
	}
	err = d.client.post(ctx, "/v2/translate", nil, body, &answer)
	if err != nil && body.Glossary != "" && d.renewed(ctx, req.From, req.To, body.Glossary, err) {
		if body.Glossary, err = d.glossaryID(ctx, req.From, req.To); err == nil {
			err = d.client.post(ctx, "/v2/translate", nil, body, &answer)
		}
	}
	if err != nil {
		return nil, err
	}
	results := make([]translate.Result, len(answer.Translations))
	for i, t := range answer.Translations {
		if tags {
			t.Text = html.UnescapeString(t.Text)
		}
		results[i].Text = strings.TrimSpace(t.Text)
	}
	return results, nil
}

// protectedTerm is a term that a glossary has put into markup, so that the
// service carries it over as it is.
var protectedTerm = regexp.MustCompile(`<x id="?[^">]*"?>[^<]*</x>`)

// escapeAround escapes a text for XML, its protected terms aside.
func escapeAround(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range protectedTerm.FindAllStringIndex(text, -1) {
		b.WriteString(xmlEscape.Replace(text[at:m[0]]))
		b.WriteString(text[m[0]:m[1]])
		at = m[1]
	}
	b.WriteString(xmlEscape.Replace(text[at:]))
	return b.String()
}

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// deeplContext is what stands around the texts of a request. The service
// gives it to each of them, does not translate it, and does not charge it.
func deeplContext(items []translate.Item) string {
	var parts []string
	put := func(s string) {
		if s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	for _, item := range items {
		put(item.Before)
		put(item.Text)
		put(item.After)
	}
	if len(items) == 1 && items[0].Before == "" && items[0].After == "" {
		return ""
	}
	text := strings.Join(parts, " ")
	if r := []rune(text); len(r) > 4000 {
		text = string(r[:4000])
	}
	return text
}

// deeplTag is the service's code for a language. As a target, English and
// Portuguese need a region.
func deeplTag(t language.Tag, target bool) string {
	base, _ := t.Base()
	code := strings.ToUpper(base.String())
	if !target {
		return code
	}
	region, sure := t.Region()
	switch {
	case code == "EN" && region.String() == "GB" && sure >= language.High:
		return "EN-GB"
	case code == "EN":
		return "EN-US"
	case code == "PT" && region.String() == "PT":
		return "PT-PT"
	case code == "PT":
		return "PT-BR"
	}
	return code
}

// Usage is what the account has used of its characters in this period.
type Usage struct{ Used, Limit int64 }

// Usage asks the service what is used; it costs nothing.
func (d *deepl) Usage(ctx context.Context) (Usage, error) {
	var u struct {
		Count int64 `json:"character_count"`
		Limit int64 `json:"character_limit"`
	}
	err := d.client.do(ctx, http.MethodGet, "/v2/usage", url.Values{}, nil, &u)
	return Usage{u.Count, u.Limit}, err
}

// Ready asks for the usage.
func (d *deepl) Ready(ctx context.Context) error {
	u, err := d.Usage(ctx)
	if err == nil && u.Limit > 0 && u.Used >= u.Limit {
		return d.client.fail(translate.CauseQuota, fmt.Sprintf("%d of %d characters are used", u.Used, u.Limit), nil)
	}
	return err
}

// Detail is the usage, for the user.
func (d *deepl) Detail(ctx context.Context) string {
	u, err := d.Usage(ctx)
	if err != nil || u.Limit == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d characters used", u.Used, u.Limit)
}

// Close drops the idle connections.
func (d *deepl) Close() error { return d.client.Close() }
