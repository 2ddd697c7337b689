package registry

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// bucket is a server on loopback with the layout of Mozilla's storage bucket.
type bucket struct {
	*httptest.Server
	t        *testing.T
	mu       sync.Mutex
	objects  map[string][]byte
	requests []string // path and range of each
	cut      map[string]int
}

func newBucket(t *testing.T) *bucket {
	b := &bucket{t: t, objects: map[string][]byte{}, cut: map[string]int{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	path := strings.TrimPrefix(r.URL.Path, "/")
	b.requests = append(b.requests, strings.TrimSpace(path+" "+r.Header.Get("Range")))
	data, ok := b.objects[path]
	cut := b.cut[path]
	delete(b.cut, path)
	b.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	sum := md5.Sum(data)
	w.Header().Add("X-Goog-Hash", "crc32c=AAAAAA==")
	w.Header().Add("X-Goog-Hash", "md5="+base64.StdEncoding.EncodeToString(sum[:]))
	w.Header().Set("ETag", fmt.Sprintf("%q", hex.EncodeToString(sum[:])))
	if cut > 0 { // the connection breaks after so many bytes
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:cut])
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(data)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// add puts a model into the bucket and returns its entry for models.json.
func (b *bucket) add(pair, architecture, status string, files map[string][]byte) map[string]any {
	joined := strings.ReplaceAll(pair, "-", "")
	names := map[string]string{
		"model": "model." + joined + ".intgemm.alphas.bin", "lexicalShortlist": "lex.50.50." + joined + ".s2t.bin",
		"vocab": "vocab." + joined + ".spm", "srcVocab": "srcvocab." + joined + ".spm", "trgVocab": "trgvocab." + joined + ".spm",
	}
	entry := map[string]any{}
	for role, data := range files {
		path := "models/" + pair + "/" + architecture + "_run_XyZ-1/exported/" + names[role] + ".gz"
		b.objects[path] = zipped(b.t, data)
		item := map[string]any{"path": path}
		if role == "model" { // the only file that Mozilla states a hash for
			sum := sha256.Sum256(data)
			item["uncompressedSize"], item["uncompressedHash"] = len(data), hex.EncodeToString(sum[:])
		}
		entry[role] = item
	}
	from, to, _ := strings.Cut(pair, "-")
	return map[string]any{
		"architecture": architecture, "releaseStatus": status, "sourceLanguage": from, "targetLanguage": to, "files": entry,
		"modelStatistics": map[string]any{"parameters": 16_900_000, "encoderParameters": nil, "decoderParameters": 1},
		"metrics":         map[string]any{"flores200-plus": map[string]any{"bleu": 42.5, "comet22": 0.87, "chrf": nil}},
	}
}

func (b *bucket) publish(models map[string][]any) {
	data, err := json.Marshal(map[string]any{"generated": "2026-11-09T00:45:24Z", "baseUrl": b.URL, "models": models})
	if err != nil {
		b.t.Fatal(err)
	}
	b.objects["db/models.json"] = data
}

func text(size int, seed byte) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i*i>>3) ^ seed ^ byte(i>>7)
	}
	return data
}

func sample(t *testing.T) (*bucket, *Registry, map[string][]byte) {
	b := newBucket(t)
	files := map[string][]byte{"model": text(300_000, 1), "vocab": text(40_000, 2), "lexicalShortlist": text(90_000, 3)}
	b.publish(map[string][]any{
		"fr-en": {
			b.add("fr-en", "tiny", "Release Android", map[string][]byte{"model": text(9000, 7), "vocab": text(10, 8)}),
			b.add("fr-en", "base-memory", "Release", files),
		},
		"en-ja": {b.add("en-ja", "base-memory", "", map[string][]byte{"model": text(50, 4), "srcVocab": text(5, 5), "trgVocab": text(6, 6)})},
	})
	return b, &Registry{URL: b.URL, Dir: t.TempDir(), Check: func(string) error { return nil }}, files
}

func TestList(t *testing.T) {
	_, r, _ := sample(t)
	models, err := r.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range models {
		ids = append(ids, fmt.Sprintf("%s %q %d files", m.ID(), m.Status, len(m.Files)))
	}
	want := `en-ja/base-memory "" 3 files, fr-en/base-memory "Release" 3 files, fr-en/tiny "Release Android" 2 files`
	if got := strings.Join(ids, ", "); got != want {
		t.Errorf("models %s\nwant   %s", got, want)
	}
	if m := models[1]; m.BLEU != 42.5 || m.COMET != 0.87 || m.Parameters != 16_900_000 || m.From != "fr" || m.To != "en" || m.Size() != 300_000 {
		t.Errorf("%+v", m)
	}
}

func TestPull(t *testing.T) {
	b, r, files := sample(t)
	var last Progress
	have, err := r.Pull(t.Context(), "fren", func(p Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if have.Dir != filepath.Join(r.Dir, "fr-en", "base-memory") || last.Done == 0 || last.Done != last.Total {
		t.Errorf("%+v, progress %+v", have, last)
	}
	for _, f := range have.Files {
		got, err := os.ReadFile(filepath.Join(have.Dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		role := map[string]string{"model": "model", "vocab": "vocab", "lex": "lexicalShortlist"}[strings.Split(f.Name, ".")[0]]
		if !bytes.Equal(got, files[role]) || f.Stated != (role == "model") {
			t.Errorf("%s: %d bytes, stated %v", f.Name, len(got), f.Stated)
		}
	}
	before := len(b.requests)
	if _, err := r.Pull(t.Context(), "fr-en/base-memory", nil); err != nil {
		t.Fatal(err)
	}
	if got := b.requests[before:]; len(got) != 1 {
		t.Errorf("pulled again with %v", got)
	}
	if dir, err := r.Path("fr-en"); err != nil || dir != have.Dir {
		t.Errorf("path %q, %v", dir, err)
	}
	if _, err := r.Verify(t.Context(), "fr-en"); err != nil {
		t.Errorf("verify: %v", err)
	}
	name := filepath.Join(have.Dir, "vocab.fren.spm")
	data, _ := os.ReadFile(name)
	data[17] ^= 1
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(t.Context(), "fr-en"); err == nil || !strings.Contains(err.Error(), "vocab.fren.spm has changed") {
		t.Errorf("verify of a changed file: %v", err)
	}
	if _, err := r.Pull(t.Context(), "fr-en", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(t.Context(), "fr-en"); err != nil {
		t.Errorf("verify after another pull: %v", err)
	}
}

func TestPullGoesOn(t *testing.T) {
	b, r, files := sample(t)
	var model string
	for path := range b.objects {
		if strings.Contains(path, "model.fren.") && strings.Contains(path, "base-memory") {
			model = path
		}
	}
	b.cut[model] = len(b.objects[model]) / 3
	have, err := r.Pull(t.Context(), "fr-en", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(filepath.Join(have.Dir, "model.fren.intgemm.alphas.bin"))
	if !bytes.Equal(got, files["model"]) {
		t.Error("the model is another one")
	}
	resumed := false
	for _, request := range b.requests {
		resumed = resumed || strings.Contains(request, fmt.Sprintf("bytes=%d-", len(b.objects[model])/3))
	}
	if !resumed {
		t.Errorf("requests %v", b.requests)
	}
}

// TestPullGoesOnLater stops a pull and gives the command again.
func TestPullGoesOnLater(t *testing.T) {
	b, r, _ := sample(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := r.Pull(ctx, "fr-en", func(p Progress) {
		if strings.HasPrefix(p.File, "vocab") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if _, err := r.Lookup("fr-en"); !errors.Is(err, ErrNotFound) {
		t.Errorf("half a model is there: %v", err)
	}
	before := len(b.requests)
	if _, err := r.Pull(t.Context(), "fr-en", nil); err != nil {
		t.Fatal(err)
	}
	for _, request := range b.requests[before:] {
		if strings.Contains(request, "model.fren") {
			t.Errorf("the model was downloaded again: %v", b.requests[before:])
		}
	}
}

// TestPullOfAnotherVersion leaves a part of an older file behind.
func TestPullOfAnotherVersion(t *testing.T) {
	_, r, _ := sample(t)
	staging := filepath.Join(r.Dir, "fr-en", ".base-memory.partial")
	if err := os.MkdirAll(staging, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"model.fren.intgemm.alphas.bin.part", "vocab.fren.spm.part", "old.spm"} {
		if err := os.WriteFile(filepath.Join(staging, name), text(1000, 99), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := r.Pull(t.Context(), "fr-en", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(t.Context(), "fr-en"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(have.Dir, "old.spm")); err == nil {
		t.Error("a file of another version is still there")
	}
}

func TestPullRefuses(t *testing.T) {
	b, r, files := sample(t)
	entry := b.add("fr-en", "base", "Release", files)
	entry["files"].(map[string]any)["model"].(map[string]any)["uncompressedHash"] = strings.Repeat("ab", 32)
	b.publish(map[string][]any{"fr-en": {entry}})
	if _, err := r.Pull(t.Context(), "fr-en", nil); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("wrong hash: %v", err)
	}
	if _, err := r.Lookup("fr-en"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "depeche model pull fr-en") {
		t.Errorf("lookup: %v", err)
	}
	if _, err := r.Pull(t.Context(), "xx-en", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown pair: %v", err)
	}
	r.Check = func(string) error { return errors.New("no model") }
	b.publish(map[string][]any{"fr-en": {b.add("fr-en", "base", "Release", files)}})
	if _, err := r.Pull(t.Context(), "fr-en", nil); err == nil || !strings.Contains(err.Error(), "no model that can be used") {
		t.Errorf("useless files: %v", err)
	}
}

func TestBrokenRegistry(t *testing.T) {
	b, r, _ := sample(t)
	b.objects["db/models.json"] = []byte(`{"models": [`)
	if _, err := r.List(t.Context()); err == nil || !strings.Contains(err.Error(), "unexpected end") {
		t.Errorf("half a list: %v", err)
	}
	b.objects["db/models.json"] = zipped(t, []byte(`{"models": {}}`))
	if models, err := r.List(t.Context()); err != nil || len(models) != 0 {
		t.Errorf("compressed list: %v, %v", models, err)
	}
}

// TestBrokenEntries has entries that cannot be used beside one that can.
func TestBrokenEntries(t *testing.T) {
	b, r, files := sample(t)
	good := b.add("fr-en", "tiny", "", files)
	good["metrics"], good["modelStatistics"] = []string{"of another form"}, "none"
	for _, c := range []struct{ pair, entry, want string }{
		{"../x", `{"architecture": "tiny", "files": {"model": {"path": "a/b"}}}`, "broken name"},
		{"fr-en", `{"architecture": "..", "files": {"model": {"path": "a/b"}}}`, "broken name"},
		{"fr-en", `{"architecture": "base", "files": {"model": {"path": "a/../../b.gz"}}}`, "broken path"},
		{"fr-en", `{"architecture": "base", "files": {"model": {"path": "a/.gz"}}}`, "broken path"},
		{"fr-en", `{"architecture": "base", "files": {"model": {"path": "a/b", "uncompressedHash": "12"}}}`, "broken hash"},
		{"fr-en", `{"architecture": "base", "releaseStatus": "Release", "files": {}}`, "no model file"},
		{"fr-en", `{"architecture": "base", "files": {"vocab": {"path": "a/b"}}}`, "no model file"},
		{"fr-en", `{"architecture": "base", "files": "none"}`, "cannot unmarshal"},
		{"de-en", `7`, "cannot unmarshal"},
	} {
		models := map[string][]any{}
		models["fr-en"] = append(models["fr-en"], good)
		models[c.pair] = append(models[c.pair], json.RawMessage(c.entry))
		b.publish(models)
		list, err := r.List(t.Context())
		if err != nil || len(list) != 2 {
			t.Fatalf("%s: %v, %v", c.entry, list, err)
		}
		for _, m := range list {
			if whole := m.ID() == "fr-en/tiny"; whole != (m.Problem == nil) || !whole && !strings.Contains(m.Problem.Error(), c.want) {
				t.Errorf("%s: %s: problem %v, want %q", c.entry, m.ID(), m.Problem, c.want)
			}
			if m.Problem == nil {
				continue
			}
			if _, err := r.Pull(t.Context(), m.ID(), nil); !errors.Is(err, ErrNotFound) && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s: pull: %v", c.entry, err)
			}
		}
		if got, err := r.Pull(t.Context(), "fr-en", nil); err != nil || got.Arch != "tiny" {
			t.Errorf("%s: the whole entry: %+v, %v", c.entry, got, err)
		}
	}
}

// TestNoArchitecture pulls a model whose entry says next to nothing.
func TestNoArchitecture(t *testing.T) {
	b, r, files := sample(t)
	entry := b.add("fr-en", "x", "", files)
	for _, key := range []string{"architecture", "releaseStatus", "modelStatistics", "metrics"} {
		entry[key] = nil
	}
	b.publish(map[string][]any{"fr-en": {entry}})
	got, err := r.Pull(t.Context(), "fr-en", nil)
	if err != nil || got.ID() != "fr-en/unknown" {
		t.Fatalf("%+v, %v", got, err)
	}
	if dir, err := r.Path("fr-en"); err != nil || dir != filepath.Join(r.Dir, "fr-en", "unknown") {
		t.Error(dir, err)
	}
}

func TestOffline(t *testing.T) {
	b, r, _ := sample(t)
	b.Close()
	_, err := r.Pull(t.Context(), "fr-en", nil)
	var offline *OfflineError
	if !errors.As(err, &offline) || !strings.Contains(err.Error(), "--model DIR") || !strings.Contains(err.Error(), "HTTPS_PROXY") {
		t.Errorf("error %v", err)
	}
}

// TestProxy lets a proxy answer for a host that does not exist.
func TestProxy(t *testing.T) {
	b, r, _ := sample(t)
	proxy, _ := url.Parse(b.URL)
	r.URL = "http://registry.invalid"
	r.Client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	if _, err := r.Pull(t.Context(), "fr-en", nil); err != nil {
		t.Error(err)
	}
	if transport := http.DefaultTransport.(*http.Transport); transport.Proxy == nil {
		t.Error("the default transport knows no proxy")
	}
}

func TestCacheDir(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, err := CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "depeche", "models"); dir != want && runtime.GOOS == "linux" {
		t.Errorf("models go to %s, want %s", dir, want)
	}
}

// TestPullRealModel pulls the random model and loads it.
func TestPullRealModel(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "engine", "vectors", name))
		if err != nil {
			t.Skip("no shared/engine beside the repository")
		}
		return data
	}
	b := newBucket(t)
	b.publish(map[string][]any{"fr-en": {b.add("fr-en", "tiny", "Release", map[string][]byte{
		"model": read("rand.tiny.intgemm.alphas.bin"), "vocab": read("vocab.spm"), "lexicalShortlist": read("lex.50.50.bin")})}})
	r := &Registry{URL: b.URL, Dir: t.TempDir()}
	if _, err := r.Pull(t.Context(), "fr-en", nil); err != nil {
		t.Fatal(err)
	}
	for path, data := range b.objects {
		if strings.Contains(path, "lex.") {
			b.objects[path] = zipped(t, append(text(50, 1), data...)) // whole on the wire, and no shortlist
		}
	}
	r.Dir = t.TempDir()
	if _, err := r.Pull(t.Context(), "fr-en", nil); err == nil || !strings.Contains(err.Error(), "no binary shortlist") {
		t.Errorf("a broken shortlist: %v", err)
	}
}
