package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"depeche/translate"
)

// libreTranslate is a LibreTranslate server (https://docs.libretranslate.com).
type libreTranslate struct {
	name   string
	cfg    Config
	key    string
	client *client
}

func openLibreTranslate(name string, cfg Config) (translate.Backend, error) {
	if cfg.BaseURL == "" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "no server is configured",
			Remedy: fmt.Sprintf("set base_url = \"http://localhost:5000\" under [backends.%s] in the configuration", name)}
	}
	key, err := cfg.key(name, "LIBRETRANSLATE_API_KEY")
	if err != nil && (!errors.Is(err, errNoKey) || cfg.KeyEnv != "") {
		return nil, keyError(name, err, "LIBRETRANSLATE_API_KEY")
	}
	c, err := newClient(name, cfg.BaseURL, key)
	if err != nil {
		return nil, err
	}
	c.remedy[translate.CauseAuth] = "this server wants a valid key: set LIBRETRANSLATE_API_KEY"
	c.explain = func(status int, body []byte) (string, translate.Cause) {
		var e struct{ Error string }
		json.Unmarshal(body, &e)
		cause := translate.Cause("")
		switch low := strings.ToLower(e.Error); {
		case e.Error == "":
			return "", ""
		case strings.Contains(low, "api key"):
			cause = translate.CauseAuth
		case strings.Contains(low, "slowdown") || strings.Contains(low, "too many"):
			cause = translate.CauseRate
		case strings.Contains(low, "not supported") || strings.Contains(low, "not available"):
			cause = translate.CauseConfig
		case status == 200:
			cause = translate.CauseTemporary
		}
		return e.Error, cause
	}
	return &libreTranslate{name: name, cfg: cfg, key: key, client: c}, nil
}

func (l *libreTranslate) Info() translate.Info {
	return translate.Info{Name: l.name, Network: !loopback(l.client.base.Hostname()), Paid: l.key != "" && !loopback(l.client.base.Hostname()),
		Settings: settings("server", l.client.base.Host), MaxItems: lower(50, l.cfg.MaxItems), MaxChars: l.cfg.MaxChars}
}

func (l *libreTranslate) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	texts := make([]string, len(req.Items))
	for i, item := range req.Items {
		texts[i] = item.Text
	}
	body := map[string]any{"q": texts, "source": baseTag(req.From), "target": baseTag(req.To), "format": "text"}
	if l.key != "" {
		body["api_key"] = l.key
	}
	var answer struct{ TranslatedText []string }
	if err := l.client.post(ctx, "/translate", nil, body, &answer); err != nil {
		return nil, err
	}
	results := make([]translate.Result, len(answer.TranslatedText))
	for i, t := range answer.TranslatedText {
		results[i].Text = strings.TrimSpace(t)
	}
	return results, nil
}

// Ready asks which languages the server has.
func (l *libreTranslate) Ready(ctx context.Context) error {
	var languages []struct{ Code string }
	if err := l.client.get(ctx, "/languages", nil, &languages); err != nil {
		return err
	}
	for _, lang := range languages {
		if lang.Code == "fr" {
			return nil
		}
	}
	return l.client.fail(translate.CauseConfig, "the server has no French", nil)
}

// Close drops the idle connections.
func (l *libreTranslate) Close() error { return l.client.Close() }

// baseTag is a language without region and script.
func baseTag(t language.Tag) string {
	base, _ := t.Base()
	return base.String()
}
