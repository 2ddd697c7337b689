package backend

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/translate/apiv3/translatepb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// fakeGoogle speaks the generated service of Cloud Translation v3 on loopback.
type fakeGoogle struct {
	translatepb.UnimplementedTranslationServiceServer
	*service
	listener *dropping
	last     *translatepb.TranslateTextRequest
	adaptive *translatepb.AdaptiveMtTranslateRequest
}

func serveGoogle(t testing.TB, s *service) (*fakeGoogle, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeGoogle{service: s, listener: &dropping{Listener: l}}
	server := grpc.NewServer()
	translatepb.RegisterTranslationServiceServer(server, f)
	go server.Serve(f.listener)
	t.Cleanup(server.Stop)
	return f, l.Addr().String()
}

// dropping is a listener whose connections can all be broken.
type dropping struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func (d *dropping) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err == nil {
		d.mu.Lock()
		d.conns = append(d.conns, c)
		d.mu.Unlock()
	}
	return c, err
}

func (d *dropping) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.conns {
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
	d.conns = nil
}

func details(code codes.Code, message string, d ...protoadapt.MessageV1) error {
	st, err := status.New(code, message).WithDetails(d...)
	if err != nil {
		panic(err)
	}
	return st.Err()
}

func (f *fakeGoogle) meet(ctx context.Context, texts []string) ([]string, error) {
	fault := f.next(texts)
	switch fault {
	case "429":
		return nil, status.Error(codes.ResourceExhausted, "Quota exceeded for quota metric 'v3 requests'.")
	case "429 after":
		return nil, details(codes.ResourceExhausted, "Resource has been exhausted.", &errdetails.RetryInfo{RetryDelay: durationpb.New(300 * time.Millisecond)})
	case "403 quota":
		return nil, details(codes.PermissionDenied, "User Rate Limit Exceeded", &errdetails.ErrorInfo{Reason: "RATE_LIMIT_EXCEEDED", Domain: "googleapis.com"})
	case "403 plain":
		return nil, status.Error(codes.PermissionDenied, "Daily Limit Exceeded")
	case "key":
		return nil, status.Error(codes.Unauthenticated, "Request had invalid authentication credentials.")
	case "forbidden":
		return nil, status.Error(codes.PermissionDenied, "Cloud IAM permission 'cloudtranslate.generalModels.predict' denied.")
	case "500":
		return nil, status.Error(codes.Internal, "Internal error encountered.")
	case "503":
		return nil, status.Error(codes.Unavailable, "The service is currently unavailable.")
	case "400":
		return nil, status.Error(codes.InvalidArgument, "Text is too long.")
	case "hang", "slow":
		if fault == "slow" {
			f.charge(texts)
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
		}
		return nil, ctx.Err()
	}
	f.charge(texts)
	if fault == "reset" {
		f.listener.drop()
		return nil, nil
	}
	var out []string
	for _, t := range texts {
		out = append(out, f.machine(t))
	}
	switch fault {
	case "fewer":
		out = out[1:]
	case "more":
		out = append(out, "What is this?")
	case "empty text":
		out[0] = ""
	}
	return out, nil
}

func translations(texts []string) (list []*translatepb.Translation) {
	for _, t := range texts {
		list = append(list, &translatepb.Translation{TranslatedText: t})
	}
	return list
}

func (f *fakeGoogle) TranslateText(ctx context.Context, r *translatepb.TranslateTextRequest) (*translatepb.TranslateTextResponse, error) {
	if !strings.HasPrefix(r.Parent, "projects/desk/locations/") || r.MimeType != "text/plain" || r.SourceLanguageCode != "fr" || r.TargetLanguageCode != "en" {
		return nil, status.Errorf(codes.InvalidArgument, "unexpected %v", r)
	}
	out, err := f.meet(ctx, r.Contents)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.last = r
	f.mu.Unlock()
	resp := &translatepb.TranslateTextResponse{Translations: translations(out)}
	if r.GlossaryConfig != nil {
		for i := range out {
			out[i] = "GLOSSARY " + out[i]
		}
		resp.GlossaryTranslations = translations(out)
	}
	return resp, nil
}

func (f *fakeGoogle) AdaptiveMtTranslate(ctx context.Context, r *translatepb.AdaptiveMtTranslateRequest) (*translatepb.AdaptiveMtTranslateResponse, error) {
	out, err := f.meet(ctx, r.Content)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.adaptive = r
	f.mu.Unlock()
	resp := &translatepb.AdaptiveMtTranslateResponse{}
	for _, t := range out {
		resp.Translations = append(resp.Translations, &translatepb.AdaptiveMtTranslation{TranslatedText: t})
	}
	return resp, nil
}

func (f *fakeGoogle) GetSupportedLanguages(context.Context, *translatepb.GetSupportedLanguagesRequest) (*translatepb.SupportedLanguages, error) {
	if fault := f.next(nil); fault != "" {
		return nil, status.Error(codes.PermissionDenied, "Cloud Translation API has not been used in project desk before or it is disabled.")
	}
	return &translatepb.SupportedLanguages{Languages: []*translatepb.SupportedLanguage{{LanguageCode: "fr"}}}, nil
}
