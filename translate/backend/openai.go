package backend

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	oai "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/shared"

	"depeche/translate"
)

// openAI is a language model on any server that speaks OpenAI's chat
// completions: OpenAI, Mistral, Ollama, vLLM, llama.cpp server. Segments go
// and come back by ID as structured output.
type openAI struct {
	name   string
	cfg    Config
	rest   *client // for its way of making errors; requests go through api
	api    oai.Client
	paid   bool
	prompt string

	// What a server turned out not to know; asked once, then left out.
	plainJSON     atomic.Bool // no JSON schemas, but JSON objects
	noFormat      atomic.Bool // no response formats at all
	noTemperature atomic.Bool // the model has one temperature only
}

const openAIBase = "https://api.openai.com/v1"

func openOpenAI(name string, cfg Config) (translate.Backend, error) {
	if cfg.Model == "" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "no model is configured",
			Remedy: fmt.Sprintf("set model = \"…\" under [backends.%s] in the configuration", name)}
	}
	base := cmp.Or(cfg.BaseURL, openAIBase)
	key, err := cfg.key(name, "OPENAI_API_KEY")
	u, uerr := url.Parse(base)
	near := uerr == nil && loopback(u.Hostname())
	switch {
	case err == nil && cfg.BaseURL != "" && cfg.KeyEnv == "" && cfg.KeyFile == "" && u != nil && u.Hostname() != "api.openai.com":
		// A key that was not named for this server is not sent to it.
		key = ""
	case errors.Is(err, errNoKey) && cfg.KeyEnv == "" && near:
	case err != nil:
		return nil, keyError(name, err, cmp.Or(cfg.KeyEnv, "OPENAI_API_KEY"))
	}
	c, err := newClient(name, base, key)
	if err != nil {
		return nil, err
	}
	c.remedy[translate.CauseConfig] = fmt.Sprintf("see that base_url and model under [backends.%s] name a server and a model that it has", name)
	o := &openAI{name: name, cfg: cfg, rest: c, paid: !near, prompt: instructions(cfg.Style)}
	o.api = oai.NewClient(option.WithBaseURL(strings.TrimRight(base, "/")+"/"), option.WithAPIKey(cmp.Or(key, "none")),
		option.WithMaxRetries(0), option.WithHTTPClient(c.http), option.WithHeader("User-Agent", "depeche"),
		option.WithOrganization(""), option.WithProject(""), option.WithMiddleware(o.log))
	return o, nil
}

func (o *openAI) Info() translate.Info {
	sum := sha256.Sum256([]byte(o.prompt))
	return translate.Info{Name: o.name, Model: o.cfg.Model, Network: o.paid, Paid: o.paid, Terms: true, Context: true,
		Settings: settings("server", o.rest.base.Host, "prompt", hex.EncodeToString(sum[:4])),
		MaxItems: lower(20, o.cfg.MaxItems), MaxChars: lower(12_000, o.cfg.MaxChars)}
}

// answerSchema is the JSON schema of an answer.
var answerSchema = map[string]any{
	"type": "object",
	"properties": map[string]any{"translations": map[string]any{
		"type": "array",
		"items": map[string]any{
			"type": "object",
			"properties": map[string]any{
				"id":   map[string]any{"type": "string"},
				"text": map[string]any{"type": "string"},
			},
			"required": []string{"id", "text"}, "additionalProperties": false,
		},
	}},
	"required": []string{"translations"}, "additionalProperties": false,
}

func (o *openAI) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	content, err := question(req)
	if err != nil {
		return nil, err
	}
	var resp *oai.ChatCompletion
	for {
		resp, err = o.api.Chat.Completions.New(ctx, o.params(content))
		if err == nil || !o.adapt(err) {
			break
		}
	}
	if err != nil {
		return nil, o.fail(ctx, err)
	}
	reportTokens(ctx, int(resp.Usage.PromptTokens), int(resp.Usage.CompletionTokens))
	if len(resp.Choices) == 0 {
		return nil, o.inside(resp.RawJSON())
	}
	choice := resp.Choices[0]
	switch {
	case choice.Message.Refusal != "":
		return nil, o.rest.fail(translate.CauseRequest, "the model refuses: "+clip(choice.Message.Refusal, 200), nil)
	case choice.FinishReason == "content_filter":
		return nil, o.rest.fail(translate.CauseRequest, "the server's filter refuses the text", nil)
	case choice.FinishReason == "length":
		return nil, o.rest.fail(translate.CauseAnswer, "the answer breaks off: it is longer than the model may write", nil)
	}
	return o.read(req, choice.Message.Content)
}

func (o *openAI) params(content string) oai.ChatCompletionNewParams {
	p := oai.ChatCompletionNewParams{
		Model:    o.cfg.Model,
		Messages: []oai.ChatCompletionMessageParamUnion{oai.SystemMessage(o.prompt), oai.UserMessage(content)},
	}
	if !o.noTemperature.Load() {
		p.Temperature = param.NewOpt(0.0)
	}
	switch {
	case o.noFormat.Load():
	case o.plainJSON.Load():
		p.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
	default:
		p.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: "translations", Strict: param.NewOpt(true), Schema: answerSchema}}
	}
	return p
}

// adapt reads out of a refusal which setting the server does not know, and
// reports whether the request is worth sending without it.
func (o *openAI) adapt(err error) bool {
	var e *oai.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusBadRequest && e.StatusCode != http.StatusUnprocessableEntity {
		return false
	}
	text := strings.ToLower(e.Message + " " + e.Param + " " + e.RawJSON())
	switch {
	case strings.Contains(text, "temperature"):
		return o.noTemperature.CompareAndSwap(false, true)
	case strings.Contains(text, "response_format") || strings.Contains(text, "json_schema") || strings.Contains(text, "json_object") || strings.Contains(text, "schema"):
		return o.plainJSON.CompareAndSwap(false, true) || o.noFormat.CompareAndSwap(false, true)
	}
	return false
}

// log shows requests without headers, which hold the key.
func (o *openAI) log(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	begin := time.Now()
	resp, err := next(req)
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	slog.DebugContext(req.Context(), "request", "backend", o.name, "method", req.Method, "url", redact(req.URL.Redacted(), o.rest.secret),
		"sent", req.ContentLength, "status", status, "time", time.Since(begin).Round(time.Millisecond))
	return resp, err
}

// inside is the error of an answer with status 200 that holds no choices.
func (o *openAI) inside(raw string) error {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	json.Unmarshal([]byte(raw), &body)
	if len(body.Error) == 0 || string(body.Error) == "null" {
		return o.rest.fail(translate.CauseAnswer, "the answer holds no translation", nil)
	}
	var e struct {
		Message string
		Code    any
	}
	var text string
	if json.Unmarshal(body.Error, &text) != nil {
		json.Unmarshal(body.Error, &e)
		text = e.Message
	}
	cause := translate.CauseTemporary
	if code := fmt.Sprint(e.Code); code == "429" || strings.Contains(code, "rate_limit") {
		cause = translate.CauseRate
	}
	return o.rest.fail(cause, "the server answers: "+clip(text, 300), nil)
}

func (o *openAI) fail(ctx context.Context, err error) error {
	var e *oai.Error
	if errors.As(err, &e) {
		cause, message := translate.Cause(""), e.Message
		switch code := strings.ToLower(e.Code + " " + e.Type); {
		case strings.Contains(code, "insufficient_quota") || strings.Contains(code, "billing"):
			cause = translate.CauseQuota
		case strings.Contains(code, "model_not_found"):
			cause = translate.CauseConfig
		case strings.Contains(code, "invalid_api_key"):
			cause = translate.CauseAuth
		}
		o := *o.rest
		o.explain = func(int, []byte) (string, translate.Cause) { return cmp.Or(message, string(cause)), cause }
		resp := e.Response
		if resp == nil {
			resp = &http.Response{StatusCode: e.StatusCode}
		}
		return o.refused(resp, nil)
	}
	var ue *url.Error
	if ctx.Err() != nil || errors.As(err, &ue) {
		return o.rest.broken(ctx, err)
	}
	if strings.Contains(err.Error(), "text/html") {
		return o.rest.fail(translate.CauseAnswer, "the answer is a web page, not a translation", nil)
	}
	// The library has no types for an answer that it can't read.
	if m := err.Error(); strings.Contains(m, "parsing response json") || strings.Contains(m, "content-type") {
		return o.rest.fail(translate.CauseAnswer, "the answer cannot be read", err)
	}
	return o.rest.broken(ctx, err)
}

// Ready asks which models the server has.
func (o *openAI) Ready(ctx context.Context) error {
	page, err := o.api.Models.List(ctx)
	if err != nil {
		return o.fail(ctx, err)
	}
	var names []string
	for _, m := range page.Data {
		if m.ID == o.cfg.Model || strings.TrimSuffix(m.ID, ":latest") == o.cfg.Model {
			return nil
		}
		names = append(names, m.ID)
	}
	if len(names) == 0 {
		return nil // some servers list nothing
	}
	return o.rest.fail(translate.CauseConfig, fmt.Sprintf("the server has no model %q; it has %s", o.cfg.Model, clip(strings.Join(names, ", "), 200)), nil)
}

// Close drops the idle connections.
func (o *openAI) Close() error { return o.rest.Close() }
