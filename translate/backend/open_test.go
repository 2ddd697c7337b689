package backend

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zalando/go-keyring"

	"depeche/translate"
)

func TestOpenChain(t *testing.T) {
	configs := map[string]Config{
		"exec": execConfig(t, "dies"), "second": execConfig(t, "plain"), "broken": {Type: "exec", Command: []string{"no-such-program-here"}},
	}
	second := configs["second"]
	second.Type = "exec"
	configs["second"] = second
	b, err := Open("broken, second", configs)
	if err != nil {
		t.Fatal(err)
	}
	defer Close(b)
	got, err := b.Translate(t.Context(), ask("un", "deux"))
	if err != nil || texts(got) != "UN|DEUX" || got[0].Backend != "second" {
		t.Error(got, err)
	}
	if info := b.Info(); info.Name != "broken,second" || info.Network {
		t.Errorf("%+v", info)
	}
	if _, err := Open("gooogle", nil); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), "choose one of local, apertium, deepl") {
		t.Error(err)
	}
	if _, err := Open("exec,deepl", map[string]Config{"exec": execConfig(t, "plain"), "deepl": {Getenv: func(string) string { return "" }}}); translate.CauseOf(err) != translate.CauseAuth || !strings.Contains(err.Error(), "set DEEPL_API_KEY") {
		t.Error(err)
	}
}

// Without a name, no text goes to the network.
func TestDefaultStaysOffline(t *testing.T) {
	apy := Config{Type: "apertium", BaseURL: "https://apy.example.com"}
	if name, err := firstReady(map[string]Config{"local": apy, "apertium": apy}); err == nil || !strings.Contains(err.Error(), "name it with -b") {
		t.Error(name, err)
	}
	if name, err := firstReady(map[string]Config{"local": {Data: t.TempDir()}}); err != nil || name != "local" {
		t.Error("the model in the program is not the default:", name, err)
	}
}

// A model that was asked for and is not there is an error, not a reason to
// take another translator.
func TestNoOtherModel(t *testing.T) {
	for _, model := range []string{"no-such-model", filepath.Join(t.TempDir(), "gone")} {
		name, err := firstReady(map[string]Config{"local": {Model: model, Data: t.TempDir()}, "apertium": execConfig(t, "plain")})
		if translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), filepath.Base(model)) {
			t.Errorf("%s: %q, %v", model, name, err)
		}
	}
}

// A CPU path that this processor lacks, or that does not exist, is not the
// model's fault.
func TestNoSuchPath(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "model.bin"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DEPECHE_CPU", "mmx")
	b, err := openLocal("local", Config{Model: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Translate(t.Context(), ask("un")); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), "DEPECHE_CPU") || strings.Contains(err.Error(), "pull") {
		t.Error(err)
	}
}

func TestRedact(t *testing.T) {
	if got := redact("q=a%2Fb+c&key a/b c", "a/b c"); got != "q=[key]&key [key]" {
		t.Error(got)
	}
}

func TestCapsNeedAPrice(t *testing.T) {
	configs := map[string]Config{
		"openai": {Model: "unheard-of", BaseURL: "https://llm.example.com", KeyEnv: "X_KEY", Getenv: testEnv},
		"deepl":  {Getenv: testEnv},
		"euro":   {Type: "deepl", Getenv: testEnv, KeyEnv: "X_KEY", Price: &Price{PerMillion: 20, Currency: "EUR"}},
	}
	if b, err := OpenCapped("deepl", configs, Caps{MaxCost: 1}); err != nil {
		t.Error(err)
	} else {
		Close(b)
	}
	for spec, want := range map[string]string{"openai": "no price is known", "deepl,euro": "in EUR, that of another backend in USD"} {
		if _, err := OpenCapped(spec, configs, Caps{MaxCost: 1}); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), want) {
			t.Error(spec, err)
		}
		if b, err := OpenCapped(spec, configs, Caps{MaxChars: 1}); err != nil {
			t.Error(spec, err)
		} else {
			Close(b)
		}
	}
}

func TestEstimate(t *testing.T) {
	configs := map[string]Config{
		"exec": {Command: []string{"x"}}, "google": {}, "deepl": {Price: &Price{PerMillion: 30, Currency: "EUR", Date: "2026-11-01"}},
		"openai": {Model: "gpt-4.1-mini"}, "other": {Type: "openai", Model: "unheard-of"},
	}
	list, err := Estimate("exec,google,deepl,openai,other", configs, Volume{Segments: 1000, Characters: 120_000})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"exec: free", "google: 2.40 USD (price of 2026-11-25)", "deepl: 3.60 EUR (price of 2026-11-01)",
		"openai: 0.06 to 0.23 USD (price of 2026-05-07)", "other: price unknown (set [backends.other.price])"}
	for i, q := range list {
		if q.String() != want[i] {
			t.Errorf("%q, want %q", q, want[i])
		}
	}
}

// Every built-in price has a date and an address.
func TestPrices(t *testing.T) {
	list, err := prices()
	if err != nil {
		t.Fatal(err)
	}
	for key, p := range list {
		kind, _, _ := strings.Cut(key, "/")
		if _, err := entry(kind, Config{}); err != nil || p.Unknown() || p.Currency == "" || len(p.Date) != len("2025-06-01") || !strings.HasPrefix(p.Source, "https://") {
			t.Errorf("%s: %+v %v", key, p, err)
		}
	}
}

func TestConfigFromTOML(t *testing.T) {
	var file struct {
		Backends map[string]Config `toml:"backends"`
	}
	meta, err := toml.Decode(`
[backends.deepl]
key_file = "deepl.key"
formality = "more"
timeout = "90s"
rate = 2.5
[backends.deepl.price]
per_million = 20.0
currency = "EUR"
date = "2026-11-01"
[backends.mistral]
type = "openai"
base_url = "https://api.mistral.ai/v1"
key_env = "MISTRAL_API_KEY"
model = "mistral-small-latest"
style = ["Use British spelling."]
[backends.exec]
command = ["program", "argument"]
env = { THREADS = "4" }
`, &file)
	if err != nil || len(meta.Undecoded()) > 0 {
		t.Fatal(err, meta.Undecoded())
	}
	if c := file.Backends["deepl"]; c.Formality != "more" || c.Timeout.or(0).Seconds() != 90 || c.Price.PerMillion != 20 {
		t.Errorf("%+v", c)
	}
	if c := file.Backends["exec"]; len(c.Command) != 2 || c.Env["THREADS"] != "4" {
		t.Errorf("%+v", c)
	}
	if p, err := priceOf("mistral", Table[0], file.Backends["deepl"], translate.Info{Paid: true}); err != nil || p.Currency != "EUR" {
		t.Error(p, err)
	}
}

func TestKeys(t *testing.T) {
	keyring.MockInit()
	file := filepath.Join(t.TempDir(), "key")
	os.WriteFile(file, []byte(" from-file\n"), 0o600)
	env := func(want string) func(string) string {
		return func(name string) string {
			if name == want {
				return "from-env"
			}
			return ""
		}
	}
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Getenv: env("DEEPL_API_KEY")}, "from-env"},
		{Config{Getenv: env("MINE"), KeyEnv: "MINE"}, "from-env"},
		{Config{Getenv: env("MINE"), KeyFile: file}, "from-file"},
	} {
		if got, err := c.cfg.key("deepl", "DEEPL_API_KEY"); got != c.want || err != nil {
			t.Error(got, err)
		}
	}
	t.Setenv("DEEPL_API_KEY", "")
	if _, err := (Config{}).key("deepl", "DEEPL_API_KEY"); !errors.Is(err, errNoKey) {
		t.Error(err)
	}
	keyring.Set(Keyring, "deepl", "from-keyring")
	if got, err := (Config{}).key("deepl", "DEEPL_API_KEY"); got != "from-keyring" || err != nil {
		t.Error(got, err)
	}
	// A key with a line break inside would be quoted by net/http's error.
	_, err := (Config{Getenv: func(string) string { return "SECRET\nKEY" }}).key("deepl", "DEEPL_API_KEY")
	if err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Error(err)
	}
	if _, err := (Config{Getenv: env(""), KeyFile: file + "x"}).key("deepl"); err == nil || !strings.Contains(err.Error(), "key file") {
		t.Error(err)
	}
}

func TestDiagnose(t *testing.T) {
	var rec recorder
	url := rec.serve(t, func(path string, _ map[string]any) (int, any) {
		switch path {
		case "/v2/usage":
			return 200, map[string]int{"character_count": 30, "character_limit": 500000}
		case "/languages":
			return 200, []any{map[string]string{"code": "de"}}
		}
		return 403, map[string]any{"error": map[string]any{"code": 401000, "message": "invalid " + testKey}}
	})
	list := Diagnose(t.Context(), map[string]Config{
		"deepl":          {BaseURL: url, Getenv: testEnv},
		"libretranslate": {BaseURL: url, Getenv: testEnv},
		"microsoft":      {BaseURL: url, Getenv: testEnv},
		"google":         {Getenv: func(string) string { return "" }},
		"openai":         {Model: "m", BaseURL: "http://127.0.0.1:1", Getenv: testEnv},
		"exec":           {Command: []string{"no-such-program-here"}},
		"local":          {Model: t.TempDir()},
		"typo":           {Type: "deepll"},
	})
	want := map[string]string{
		"deepl":          "ready 30 of 500000 characters used",
		"libretranslate": "the server has no French",
		"microsoft":      "HTTP 403 Forbidden: 401000 invalid [key]",
		"google":         "no project is configured",
		"openai":         "cannot connect to 127.0.0.1:1",
		"exec":           `there is no program "no-such-program-here"`,
		"local":          "the model cannot be loaded",
		"typo":           `there is no backend "deepll"`,
	}
	if len(list) != len(Table)+1 {
		t.Error(len(list))
	}
	for _, s := range list {
		got := s.Message
		if s.Ready {
			got = "ready " + s.Detail
		}
		if w, ok := want[s.Backend]; ok && !strings.HasPrefix(got, w) || !s.Ready && s.Remedy == "" {
			t.Errorf("%s: %q %q", s.Backend, got, s.Remedy)
		}
	}
}
