package backend

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"depeche/translate"
)

// apy is an Apertium APy server (https://wiki.apertium.org/wiki/Apertium-apy).
type apy struct {
	name   string
	cfg    Config
	client *client
}

func openAPy(name string, cfg Config) (translate.Backend, error) {
	c, err := newClient(name, cfg.BaseURL, "")
	if err != nil {
		return nil, err
	}
	c.remedy[translate.CauseRequest] = "see with /listPairs which pairs the server has, and name a chain of them as modes in the configuration"
	c.remedy[translate.CauseConfig] = c.remedy[translate.CauseRequest]
	return &apy{name: name, cfg: cfg, client: c}, nil
}

func (a *apy) Info() translate.Info {
	return translate.Info{Name: a.name, Model: "apy" + settings("modes", strings.Join(a.cfg.Modes, "+")), Network: !loopback(a.client.base.Hostname()),
		MaxItems: 1, MaxChars: lower(5000, a.cfg.MaxChars)}
}

// Translate asks for one text at a time: APy takes no batches. Without modes
// in the configuration it asks for the pair directly.
func (a *apy) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	results := make([]translate.Result, len(req.Items))
	for i, item := range req.Items {
		text, err := a.text(ctx, req.From, req.To, item.Text)
		results[i] = translate.Result{Text: text, Err: err}
	}
	return whole(results)
}

func (a *apy) text(ctx context.Context, from, to language.Tag, source string) (string, error) {
	modes := a.cfg.Modes
	if len(modes) == 0 {
		f, _ := from.Base()
		t, _ := to.Base()
		modes = []string{f.ISO3() + "-" + t.ISO3()}
	}
	text := strings.ReplaceAll(source, "’", "'")
	for _, mode := range modes {
		var answer struct {
			ResponseData   struct{ TranslatedText string }
			ResponseStatus int
			Message        string
			Explanation    string
		}
		pair := strings.Replace(mode, "-", "|", 1)
		err := a.client.get(ctx, "/translate", url.Values{"langpair": {pair}, "q": {text}, "markUnknown": {"no"}}, &answer)
		if err != nil {
			return "", err
		}
		if s := answer.ResponseStatus; s != 0 && s != 200 {
			cause := translate.CauseRequest
			if s/100 == 5 {
				cause = translate.CauseTemporary
			}
			return "", a.client.fail(cause, fmt.Sprintf("the server answers %d: %s %s", s, answer.Message, answer.Explanation), nil)
		}
		text = answer.ResponseData.TranslatedText
	}
	return reformatPlain(source, text), nil
}

// Close drops the idle connections.
func (a *apy) Close() error { return a.client.Close() }
