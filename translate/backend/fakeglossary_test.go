package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/translate/apiv3/translatepb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"

	"depeche/translate"
)

// keeper is what the fakes of services that keep glossaries share: what they
// keep, and how often they were asked to make one.
type keeper struct {
	mu      sync.Mutex
	kept    []keptOne
	made    int
	deleted []string
	refuse  string              // what the making of a glossary is refused for
	sent    []string            // the texts of all requests
	files   map[string]string   // of the bucket
	machine func(string) string // english if nil
}

func (k *keeper) translate(text string) string {
	if k.machine == nil {
		return english(text)
	}
	return k.machine(text)
}

type keptOne struct {
	id, name, from, to string
	pairs              [][2]string
}

func parsePairs(tsv string) (list [][2]string, err error) {
	for i, line := range strings.Split(strings.TrimSuffix(tsv, "\n"), "\n") {
		source, target, ok := strings.Cut(line, "\t")
		if !ok || strings.TrimSpace(source) == "" || strings.TrimSpace(target) == "" || strings.Contains(target, "\t") {
			return nil, fmt.Errorf("line %d: %q is no entry", i+1, line)
		}
		if slices.ContainsFunc(list, func(p [2]string) bool { return p[0] == source }) {
			return nil, fmt.Errorf("line %d: a second entry for %q", i+1, source)
		}
		list = append(list, [2]string{source, target})
	}
	return list, nil
}

// apply puts the glossary's terms into a text; the longest entry wins.
func (k *keptOne) apply(text string) string {
	pairs := slices.Clone(k.pairs)
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	for _, p := range pairs {
		text = strings.ReplaceAll(text, p[0], p[1])
	}
	return text
}

func (k *keeper) find(id string) *keptOne {
	if i := slices.IndexFunc(k.kept, func(o keptOne) bool { return o.id == id }); i >= 0 {
		return &k.kept[i]
	}
	return nil
}

func (k *keeper) names() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []string
	for _, o := range k.kept {
		list = append(list, o.name)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (k *keeper) drop(id string) bool {
	i := slices.IndexFunc(k.kept, func(o keptOne) bool { return o.id == id })
	if i >= 0 {
		k.deleted = append(k.deleted, k.kept[i].name)
		k.kept = slices.Delete(k.kept, i, i+1)
	}
	return i >= 0
}

// serveDeepL speaks /v3/glossaries and /v2/translate as DeepL does.
func (k *keeper) serveDeepL(t testing.TB) string {
	say := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}
	no := func(w http.ResponseWriter, status int, message string) {
		say(w, status, map[string]string{"message": message})
	}
	info := func(o *keptOne) map[string]any {
		return map[string]any{"glossary_id": o.id, "name": o.name, "creation_time": "2026-01-02T03:04:05.678Z",
			"dictionaries": []any{map[string]any{"source_lang": o.from, "target_lang": o.to, "entry_count": len(o.pairs)}}}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v3/glossaries", func(w http.ResponseWriter, r *http.Request) {
		list := []any{}
		for i := range k.kept {
			list = append(list, info(&k.kept[i]))
		}
		say(w, 200, map[string]any{"glossaries": list})
	})
	mux.HandleFunc("POST /v3/glossaries", func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Name         string
			Dictionaries []struct {
				From    string `json:"source_lang"`
				To      string `json:"target_lang"`
				Entries string
				Format  string `json:"entries_format"`
			}
		}
		decode(r, &q)
		switch {
		case k.refuse == "quota":
			no(w, 456, "Quota exceeded: too many glossaries")
			return
		case q.Name == "" || len(q.Dictionaries) != 1 || q.Dictionaries[0].Format != "tsv":
			no(w, 400, "Bad request")
			return
		}
		d := q.Dictionaries[0]
		pairs, err := parsePairs(d.Entries)
		if err != nil || d.From != "fr" || d.To != "en" {
			no(w, 400, fmt.Sprint("Invalid glossary entries provided: ", err))
			return
		}
		k.made++
		k.kept = append(k.kept, keptOne{id: fmt.Sprintf("00-%d", k.made), name: q.Name, from: d.From, to: d.To, pairs: pairs})
		say(w, 201, info(&k.kept[len(k.kept)-1]))
	})
	mux.HandleFunc("DELETE /v3/glossaries/{id}", func(w http.ResponseWriter, r *http.Request) {
		if !k.drop(r.PathValue("id")) {
			no(w, 404, "Not found")
			return
		}
		w.WriteHeader(204)
	})
	mux.HandleFunc("POST /v2/translate", func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Text       []string
			GlossaryID string `json:"glossary_id"`
		}
		decode(r, &q)
		var o keptOne
		if q.GlossaryID != "" {
			found := k.find(q.GlossaryID)
			if found == nil {
				no(w, 404, "Glossary not found")
				return
			}
			o = *found
		}
		k.sent = append(k.sent, q.Text...)
		list := []any{}
		for _, text := range q.Text {
			list = append(list, map[string]string{"detected_source_language": "FR", "text": k.translate(o.apply(text))})
		}
		say(w, 200, map[string]any{"translations": list})
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "DeepL-Auth-Key "+testKey {
			no(w, 403, "Forbidden")
			return
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// googleKeeper is the translation service with its glossaries and the service
// of long-running operations.
type googleKeeper struct {
	translatepb.UnimplementedTranslationServiceServer
	longrunningpb.UnimplementedOperationsServer
	*keeper
	pending map[string]keptOne // operation → what it makes
	polls   map[string]int
}

func (k *keeper) serveGoogle(t testing.TB) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &googleKeeper{keeper: k, pending: map[string]keptOne{}, polls: map[string]int{}}
	server := grpc.NewServer()
	translatepb.RegisterTranslationServiceServer(server, f)
	longrunningpb.RegisterOperationsServer(server, f)
	go server.Serve(l)
	t.Cleanup(server.Stop)
	return l.Addr().String()
}

const deskGlossaries = "projects/desk/locations/us-central1/glossaries/"

func (f *googleKeeper) CreateGlossary(_ context.Context, r *translatepb.CreateGlossaryRequest) (*longrunningpb.Operation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	pair := r.Glossary.GetLanguagePair()
	uri := r.Glossary.GetInputConfig().GetGcsSource().GetInputUri()
	id, ours := strings.CutPrefix(r.Glossary.Name, deskGlossaries)
	text, there := f.files[strings.TrimPrefix(uri, "gs://terms/")]
	switch {
	case r.Parent != "projects/desk/locations/us-central1" || !ours || !glossaryID(id) || pair.GetSourceLanguageCode() != "fr" || pair.GetTargetLanguageCode() != "en":
		return nil, status.Errorf(codes.InvalidArgument, "unexpected %v", r)
	case !there || !strings.HasSuffix(uri, ".tsv"):
		return nil, status.Errorf(codes.InvalidArgument, "no file %s", uri)
	case f.refuse == "quota":
		return nil, details(codes.ResourceExhausted, "Quota exceeded for glossaries", &errdetails.QuotaFailure{})
	case f.find(r.Glossary.Name) != nil:
		return nil, status.Error(codes.AlreadyExists, "Glossary already exists.")
	}
	for _, p := range f.pending {
		if p.id == r.Glossary.Name {
			return nil, status.Error(codes.AlreadyExists, "Glossary is being created.")
		}
	}
	f.made++
	name := fmt.Sprintf("projects/desk/locations/us-central1/operations/%d", f.made)
	pairs, err := parsePairs(text)
	if f.refuse == "entries" {
		err = fmt.Errorf("line 1: the language is not supported")
	}
	if err != nil {
		return &longrunningpb.Operation{Name: name, Done: true, Result: &longrunningpb.Operation_Error{
			Error: &spb.Status{Code: int32(codes.InvalidArgument), Message: err.Error()}}}, nil
	}
	f.pending[name] = keptOne{id: r.Glossary.Name, name: id, from: "fr", to: "en", pairs: pairs}
	return &longrunningpb.Operation{Name: name}, nil
}

func glossaryID(id string) bool {
	return len(id) <= 63 && id[0] >= 'a' && id[0] <= 'z' && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (f *googleKeeper) GetOperation(_ context.Context, r *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, ok := f.pending[r.Name]
	if !ok {
		return nil, status.Error(codes.NotFound, "no operation "+r.Name)
	}
	if f.polls[r.Name]++; f.polls[r.Name] < 2 {
		return &longrunningpb.Operation{Name: r.Name}, nil
	}
	delete(f.pending, r.Name)
	f.kept = append(f.kept, o)
	resp, err := anypb.New(&translatepb.Glossary{Name: o.id, EntryCount: int32(len(o.pairs))})
	return &longrunningpb.Operation{Name: r.Name, Done: true, Result: &longrunningpb.Operation_Response{Response: resp}}, err
}

func (f *googleKeeper) GetGlossary(_ context.Context, r *translatepb.GetGlossaryRequest) (*translatepb.Glossary, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.find(r.Name)
	if o == nil {
		return nil, status.Error(codes.NotFound, "Glossary not found.")
	}
	return &translatepb.Glossary{Name: o.id, EntryCount: int32(len(o.pairs))}, nil
}

func (f *googleKeeper) ListGlossaries(_ context.Context, r *translatepb.ListGlossariesRequest) (*translatepb.ListGlossariesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	resp := &translatepb.ListGlossariesResponse{}
	for _, o := range f.kept {
		resp.Glossaries = append(resp.Glossaries, &translatepb.Glossary{Name: o.id})
	}
	return resp, nil
}

func (f *googleKeeper) DeleteGlossary(_ context.Context, r *translatepb.DeleteGlossaryRequest) (*longrunningpb.Operation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.drop(r.Name) {
		return nil, status.Error(codes.NotFound, "Glossary not found.")
	}
	return &longrunningpb.Operation{Name: "projects/desk/locations/us-central1/operations/delete"}, nil
}

func (f *googleKeeper) TranslateText(_ context.Context, r *translatepb.TranslateTextRequest) (*translatepb.TranslateTextResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	resp := &translatepb.TranslateTextResponse{}
	f.sent = append(f.sent, r.Contents...)
	for _, text := range r.Contents {
		resp.Translations = append(resp.Translations, &translatepb.Translation{TranslatedText: f.translate(text)})
	}
	if c := r.GetGlossaryConfig(); c != nil {
		o := f.find(c.Glossary)
		if o == nil {
			return nil, status.Errorf(codes.NotFound, "Resource not found: %s", c.Glossary)
		}
		for _, text := range r.Contents {
			resp.GlossaryTranslations = append(resp.GlossaryTranslations, &translatepb.Translation{TranslatedText: f.translate(o.apply(text))})
		}
	}
	return resp, nil
}

// serveStorage is a bucket "terms" of Cloud Storage's JSON API.
func (k *keeper) serveStorage(t testing.TB) string {
	k.files = map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.mu.Lock()
		defer k.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		switch {
		case !strings.Contains(r.URL.Path, "/b/terms/o"):
			w.WriteHeader(404)
			io.WriteString(w, `{"error":{"code":404,"message":"The specified bucket does not exist."}}`)
		case r.Method == http.MethodPost:
			// A multipart body: the object's description, then its contents.
			kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
			if err != nil || kind != "multipart/related" {
				w.WriteHeader(400)
				return
			}
			mr := multipart.NewReader(r.Body, params["boundary"])
			var object struct{ Name string }
			part, _ := mr.NextPart()
			json.NewDecoder(part).Decode(&object)
			part, _ = mr.NextPart()
			body, _ := io.ReadAll(part)
			k.files[object.Name] = string(body)
			json.NewEncoder(w).Encode(object)
		case r.Method == http.MethodDelete:
			delete(k.files, r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
			w.WriteHeader(204)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/storage/v1/"
}

// keepers open the backends whose services keep glossaries.
var keepers = map[string]func(t *testing.T, k *keeper) func() translate.Backend{
	"deepl": func(t *testing.T, k *keeper) func() translate.Backend {
		url := k.serveDeepL(t)
		return func() translate.Backend { return open(t, "deepl", Config{BaseURL: url}) }
	},
	"google": func(t *testing.T, k *keeper) func() translate.Backend {
		addr, files := k.serveGoogle(t), k.serveStorage(t)
		return func() translate.Backend {
			return open(t, "google", Config{Project: "desk", BaseURL: addr, Insecure: true, Bucket: "terms", storage: files})
		}
	},
}
