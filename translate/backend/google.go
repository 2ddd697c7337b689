package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	gtranslate "cloud.google.com/go/translate/apiv3"
	"cloud.google.com/go/translate/apiv3/translatepb"
	"golang.org/x/text/language"
	"google.golang.org/api/option"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"depeche/translate"
)

// google is Cloud Translation v3 (https://cloud.google.com/translate/docs):
// the general models, a glossary resource of the project (contextual or not),
// and adaptive translation from a data set.
type google struct {
	name     string
	cfg      Config
	project  string
	location string

	mu     sync.Mutex
	client *gtranslate.TranslationClient
	kept   map[[2]string]googleKept // pair of languages → the glossary of ours
}

// adaptiveModel is the model name under which adaptive translation is asked for.
const adaptiveModel = "adaptive"

func openGoogle(name string, cfg Config) (translate.Backend, error) {
	g := &google{name: name, cfg: cfg, project: cfg.Project, location: cfg.Location, kept: map[[2]string]googleKept{}}
	if g.project == "" {
		for _, v := range []string{"GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"} {
			if p := cfg.getenv(v); p != "" {
				g.project = p
				break
			}
		}
	}
	if g.project == "" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "no project is configured",
			Remedy: fmt.Sprintf("set project = \"…\" under [backends.%s] in the configuration, or GOOGLE_CLOUD_PROJECT", name)}
	}
	if g.location == "" {
		// Glossaries and data sets live in a region; the first one is the default there.
		if g.location = "global"; cfg.Glossary != "" || cfg.Bucket != "" || cfg.Data != "" || cfg.Model == adaptiveModel {
			g.location = "us-central1"
		}
	}
	if err := cfg.checkTerms(name); err != nil {
		return nil, err
	}
	if cfg.Model == adaptiveModel && cfg.Data == "" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "adaptive translation needs a data set",
			Remedy: fmt.Sprintf("set data = \"…\" under [backends.%s] in the configuration", name)}
	}
	return g, nil
}

func (g *google) adaptive() bool {
	return g.cfg.Model == adaptiveModel || g.cfg.Model == "" && g.cfg.Data != ""
}

// Info has the service's limits (https://cloud.google.com/translate/quotas).
func (g *google) Info() translate.Info {
	info := translate.Info{Name: g.name, Model: g.cfg.Model, Network: true, Paid: true,
		Settings: settings("location", g.location, "glossary", g.cfg.Glossary, "data", g.cfg.Data,
			"terms", g.cfg.Terms, "ignore-case", flag(g.cfg.IgnoreCase), "contextual", flag(g.cfg.Contextual)),
		MaxItems: lower(1024, g.cfg.MaxItems), MaxChars: lower(30_000, g.cfg.MaxChars), MaxBytes: 200_000}
	switch {
	case g.adaptive():
		info.Model, info.MaxItems = adaptiveModel, 1
	case info.Model == "":
		info.Model = "general/nmt"
	}
	return info
}

func flag(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// resource completes a short name of a resource of the project.
func (g *google) resource(collection, name string) string {
	if name == "" || strings.HasPrefix(name, "projects/") {
		return name
	}
	return fmt.Sprintf("%s/%s/%s", g.parent(), collection, strings.TrimPrefix(name, collection+"/"))
}

func (g *google) parent() string { return "projects/" + g.project + "/locations/" + g.location }

func (g *google) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	client, err := g.connect(ctx)
	if err != nil {
		return nil, err
	}
	texts, chars := make([]string, len(req.Items)), 0
	for i, item := range req.Items {
		texts[i] = item.Text
		chars += utf8.RuneCountInString(item.Text)
	}
	ask := g.askModel
	if g.adaptive() {
		ask = g.askAdaptive
	}
	begin := time.Now()
	answers, err := ask(ctx, client, req, texts)
	if err != nil && g.renewed(ctx, client, req.From, req.To, err) {
		answers, err = ask(ctx, client, req, texts)
	}
	slog.DebugContext(ctx, "request", "backend", g.name, "model", g.Info().Model, "parent", g.parent(), "items", len(texts), "characters", chars,
		"status", status.Code(err).String(), "time", time.Since(begin).Round(time.Millisecond))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, g.fail(err)
	}
	results := make([]translate.Result, len(answers))
	for i, a := range answers {
		results[i].Text = strings.TrimSpace(a)
	}
	return results, nil
}

func (g *google) askModel(ctx context.Context, client *gtranslate.TranslationClient, req translate.Request, texts []string) ([]string, error) {
	r := &translatepb.TranslateTextRequest{Parent: g.parent(), Contents: texts, MimeType: "text/plain",
		SourceLanguageCode: googleTag(req.From), TargetLanguageCode: googleTag(req.To), Model: g.resource("models", g.cfg.Model)}
	if name := g.inForce(req.From, req.To); name != "" {
		r.GlossaryConfig = &translatepb.TranslateTextGlossaryConfig{Glossary: name,
			IgnoreCase: g.cfg.IgnoreCase, ContextualTranslationEnabled: g.cfg.Contextual}
	}
	resp, err := client.TranslateText(ctx, r)
	if err != nil {
		return nil, err
	}
	list := resp.GetTranslations()
	if r.GlossaryConfig != nil && len(resp.GetGlossaryTranslations()) > 0 {
		list = resp.GetGlossaryTranslations()
	}
	answers := make([]string, len(list))
	for i, t := range list {
		answers[i] = t.GetTranslatedText()
	}
	return answers, nil
}

func (g *google) askAdaptive(ctx context.Context, client *gtranslate.TranslationClient, req translate.Request, texts []string) ([]string, error) {
	r := &translatepb.AdaptiveMtTranslateRequest{Parent: g.parent(), Dataset: g.resource("adaptiveMtDatasets", g.cfg.Data),
		Content: texts, MimeType: "text/plain"}
	if name := g.inForce(req.From, req.To); name != "" {
		r.GlossaryConfig = &translatepb.AdaptiveMtTranslateRequest_GlossaryConfig{Glossary: name,
			IgnoreCase: g.cfg.IgnoreCase, ContextualTranslationEnabled: g.cfg.Contextual}
	}
	resp, err := client.AdaptiveMtTranslate(ctx, r)
	if err != nil {
		return nil, err
	}
	list := resp.GetTranslations()
	if r.GlossaryConfig != nil && len(resp.GetGlossaryTranslations()) > 0 {
		list = resp.GetGlossaryTranslations()
	}
	answers := make([]string, len(list))
	for i, t := range list {
		answers[i] = t.GetTranslatedText()
	}
	return answers, nil
}

// googleTag is the code that the service has for a language: it knows
// variants of some languages only (pt-BR, zh-TW), and none of French and
// English.
func googleTag(t language.Tag) string {
	base, _ := t.Base()
	if b := base.String(); b == "fr" || b == "en" {
		return b
	}
	return t.String()
}

// connect makes the client at the first request: finding the credentials may
// read files and ask the machine's metadata server.
func (g *google) connect(ctx context.Context) (*gtranslate.TranslationClient, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.client != nil {
		return g.client, nil
	}
	// Telemetry has nobody to go to, and costs time in every request.
	opts := []option.ClientOption{option.WithUserAgent("depeche"), option.WithTelemetryDisabled()}
	if g.cfg.BaseURL != "" {
		opts = append(opts, option.WithEndpoint(g.cfg.BaseURL))
	}
	switch {
	case g.cfg.Insecure:
		opts = append(opts, option.WithoutAuthentication(), option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	case g.cfg.Credentials != "":
		opts = append(opts, option.WithAuthCredentialsFile(option.ServiceAccount, g.cfg.Credentials))
	}
	client, err := gtranslate.NewTranslationClient(context.WithoutCancel(ctx), opts...)
	if err != nil {
		return nil, &translate.Error{Backend: g.name, Cause: translate.CauseAuth, Message: "no usable credentials", Err: err, Remedy: googleLogin}
	}
	g.client = client
	return client, nil
}

const googleLogin = "run: gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account"

// Ready asks which languages the service has, which costs nothing.
func (g *google) Ready(ctx context.Context) error {
	client, err := g.connect(ctx)
	if err != nil {
		return err
	}
	if _, err := client.GetSupportedLanguages(ctx, &translatepb.GetSupportedLanguagesRequest{Parent: g.parent()}); err != nil {
		return g.fail(err)
	}
	return nil
}

// Close ends the connection.
func (g *google) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.client == nil {
		return nil
	}
	client := g.client
	g.client = nil
	return client.Close()
}

// fail turns a gRPC status into an Error. Google answers a spent quota as
// RESOURCE_EXHAUSTED (429) and as PERMISSION_DENIED (403); both windows open
// again, so both are CauseRate.
func (g *google) fail(err error) error {
	st, ok := status.FromError(err)
	if !ok {
		var s interface{ GRPCStatus() *status.Status }
		if errors.As(err, &s) {
			st, ok = s.GRPCStatus(), true
		}
	}
	e := &translate.Error{Backend: g.name, Cause: translate.CauseTemporary, Message: "the request failed", Err: err}
	if ok {
		e.Message, e.Err = fmt.Sprintf("the service answers %s: %s", st.Code(), clip(st.Message(), 300)), nil
		switch st.Code() {
		case codes.Unavailable, codes.Internal, codes.Unknown, codes.Aborted, codes.DeadlineExceeded, codes.Canceled, codes.DataLoss:
			// The service may have done the work.
		default:
			e.Refused = true
		}
		if st.Code() == codes.Unavailable && strings.Contains(st.Message(), "while dialing") {
			e.Err, e.Refused = errUnreachable, true
		}
		switch st.Code() {
		case codes.ResourceExhausted:
			e.Cause = translate.CauseRate
		case codes.PermissionDenied:
			if e.Cause = translate.CauseAuth; quotaSpent(st) {
				e.Cause = translate.CauseRate
			}
		case codes.Unauthenticated:
			e.Cause = translate.CauseAuth
		case codes.NotFound, codes.FailedPrecondition, codes.Unimplemented:
			e.Cause = translate.CauseConfig
		case codes.InvalidArgument, codes.OutOfRange:
			e.Cause = translate.CauseRequest
		}
		for _, d := range st.Details() {
			if info, ok := d.(*errdetails.RetryInfo); ok {
				e.RetryAfter = info.GetRetryDelay().AsDuration()
			}
		}
	}
	switch e.Cause {
	case translate.CauseAuth:
		e.Remedy = googleLogin + "; the account needs the role Cloud Translation API User in project " + g.project
	case translate.CauseRate:
		e.Remedy = "raise the quota of project " + g.project + " in the Google Cloud console, or set a lower rate in the configuration"
	case translate.CauseConfig:
		e.Remedy = fmt.Sprintf("see that project, location, model and glossary under [backends.%s] exist and lie in one location", g.name)
	default:
		e.Remedy = remedies[e.Cause]
	}
	return e
}

// quotaSpent reports whether a PERMISSION_DENIED stands for a spent quota and
// not for a missing permission.
func quotaSpent(st *status.Status) bool {
	for _, d := range st.Details() {
		switch d := d.(type) {
		case *errdetails.QuotaFailure:
			return true
		case *errdetails.ErrorInfo:
			r := strings.ToLower(strings.ReplaceAll(d.GetReason(), "_", ""))
			if strings.Contains(r, "limitexceeded") || strings.Contains(r, "quotaexceeded") {
				return true
			}
		}
	}
	m := strings.ToLower(st.Message())
	return strings.Contains(m, "limit exceeded") || strings.Contains(m, "quota") && strings.Contains(m, "exceed")
}
