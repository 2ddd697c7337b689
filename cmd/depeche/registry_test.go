package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// vectors is where the shared material has a model of random weights.
const vectors = "../../../shared/engine/vectors"

// haveShared is the condition [shared] of scripts.
func haveShared(condition string) (bool, error) {
	if condition != "shared" {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	_, err := os.Stat(vectors)
	return err == nil, nil
}

// serveRegistry starts a registry with Mozilla's layout on loopback, for as
// long as the script runs, and names it in DEPECHE_REGISTRY. It has the random
// model for a pair of languages, and an entry that cannot be used.
func serveRegistry(ts *testscript.TestScript, _ bool, args []string) {
	pair := args[0]
	joined := strings.ReplaceAll(pair, "-", "")
	objects := map[string][]byte{}
	put := func(vector, name string) (path, sum string, size int) {
		data, err := os.ReadFile(filepath.Join(vectors, vector))
		ts.Check(err)
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		_, err = z.Write(data)
		ts.Check(err)
		ts.Check(z.Close())
		path = "models/" + pair + "/run_XyZ-1/exported/" + fmt.Sprintf(name, joined) + ".gz"
		objects["/"+path] = out.Bytes()
		return path, fmt.Sprintf("%x", sha256.Sum256(data)), len(data)
	}
	model, sum, size := put("rand.tiny.intgemm.alphas.bin", "model.%s.intgemm.alphas.bin")
	lex, _, _ := put("lex.50.50.bin", "lex.50.50.%s.s2t.bin")
	vocab, _, _ := put("vocab.spm", "vocab.%s.spm")
	objects["/db/models.json"] = fmt.Appendf(nil, `{"generated": "2026-11-09T00:45:24Z", "baseUrl": "http://example.invalid", "models": {%q: [
		{"architecture": "base", "releaseStatus": "Release", "files": {"model": {"path": "../../etc/passwd"}}},
		{"architecture": "tiny", "releaseStatus": "Release", "sourceLanguage": "fr", "targetLanguage": "en", "files": {
			"model": {"path": %q, "uncompressedSize": %d, "uncompressedHash": %q},
			"lexicalShortlist": {"path": %q}, "vocab": {"path": %q}},
		"modelStatistics": {"parameters": 16900000, "encoderParameters": null},
		"metrics": {"flores200-plus": {"bleu": 43.2, "chrf": null}}}]}}`, pair, model, size, sum, lex, vocab)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, ok := objects[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}))
	ts.Defer(server.Close)
	ts.Setenv("DEPECHE_REGISTRY", server.URL)
}
