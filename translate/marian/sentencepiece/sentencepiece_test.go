package sentencepiece

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "engine", "vectors", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared/engine/vectors/%s beside the repository", name)
	}
	return path
}

func vocabulary(t testing.TB) *Model {
	t.Helper()
	data, err := os.ReadFile(shared(t, "vocab.spm"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func idLine(tokens []Token) string {
	var b []byte
	for i, t := range tokens {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(t.ID), 10)
	}
	return string(b)
}

func lines(t testing.TB, name string) []string {
	t.Helper()
	b, err := os.ReadFile(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func TestEncodeVectors(t *testing.T) {
	m := vocabulary(t)
	want := lines(t, "spm.ids")
	for i, line := range lines(t, "spm.txt") {
		if got := idLine(m.Encode(line)); got != want[i] {
			t.Errorf("%q:\n%s, want\n%s", line, got, want[i])
		}
	}
}

// noise makes a line of mixed scripts, decomposed characters, spaces of all
// kinds, symbols of the vocabulary and broken UTF-8.
func noise(r *rand.Rand, words []string) string {
	ranges := [][2]rune{{0x20, 0x7e}, {0xa0, 0x17f}, {0x300, 0x36f}, {0x370, 0x52f}, {0x590, 0x6ff}, {0x900, 0x97f}, {0x1e00, 0x20cf},
		{0x2100, 0x27bf}, {0x3000, 0x30ff}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0xf900, 0xffef}, {0x1f300, 0x1f6ff}, {1, 0x1f}}
	spaces := []string{" ", "  ", "\u00a0", "\u202f", "\t", "\u3000", "\u200b"}
	var b strings.Builder
	for range 1 + r.IntN(14) {
		switch n := r.IntN(20); {
		case n < 9:
			b.WriteString(words[r.IntN(len(words))])
		case n < 10:
			b.WriteString([]string{"__start__", "__end__", "__source__", "</s>", "<unk>", "<0x41>", "\u2581"}[r.IntN(7)])
		case n < 11:
			b.WriteString(strings.Repeat(string(rune('a'+r.IntN(26))), r.IntN(30)))
		case n < 12:
			b.Write([]byte{byte(128 + r.IntN(128)), byte(r.IntN(256))&0xfe | 0x20})
		case n < 13:
			b.WriteString("e\u0301a\u0300c\u0327")
		default:
			for range 1 + r.IntN(6) {
				span := ranges[r.IntN(len(ranges))]
				b.WriteRune(span[0] + rune(r.IntN(int(span[1]-span[0]+1))))
			}
		}
		if r.IntN(4) > 0 {
			b.WriteString(spaces[min(r.IntN(20), len(spaces)-1)*r.IntN(2)])
		}
	}
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(b.String())
}

func run(t *testing.T, input []byte, name string, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// TestSameAsPrograms compares with SentencePiece's own programs on 100,000
// lines.
func TestSameAsPrograms(t *testing.T) {
	if _, err := exec.LookPath("spm_encode"); err != nil {
		t.Skip("no spm_encode (Debian package sentencepiece)")
	}
	count := 100_000
	if testing.Short() {
		count = 5000
	}
	m := vocabulary(t)
	words := strings.Fields(strings.Join(lines(t, "bench256.txt"), " ") + " " + strings.Join(lines(t, "spm.txt"), " "))
	r := rand.New(rand.NewPCG(1, 2))
	var input bytes.Buffer
	texts := make([]string, count)
	for i := range texts {
		texts[i] = noise(r, words)
		fmt.Fprintln(&input, texts[i])
	}
	model := "--model=" + shared(t, "vocab.spm")
	want := run(t, input.Bytes(), "spm_encode", model, "--output_format=id")
	var ids bytes.Buffer
	failures := 0
	for i, text := range texts {
		tokens := m.Encode(text)
		line := idLine(tokens)
		fmt.Fprintln(&ids, line)
		if line != want[i] {
			if failures++; failures <= 10 {
				t.Errorf("line %d %q:\n%s, want\n%s", i, text, line, want[i])
			}
		}
		if err := checkSpans(text, tokens); err != nil {
			t.Fatalf("line %d %q: %v", i, text, err)
		}
	}
	t.Logf("%d of %d lines differ", failures, count)
	decoded := run(t, ids.Bytes(), "spm_decode", model, "--input_format=id")
	failures = 0
	for i, line := range strings.Split(strings.TrimSuffix(ids.String(), "\n"), "\n") {
		var pieces []int32
		for _, f := range strings.Fields(line) {
			n, _ := strconv.Atoi(f)
			pieces = append(pieces, int32(n))
		}
		if got := m.Decode(pieces); got != decoded[i] {
			if failures++; failures <= 10 {
				t.Errorf("line %d: decoded %q, want %q", i, got, decoded[i])
			}
		}
	}
}

// checkSpans holds that the tokens' spans follow each other within the text.
func checkSpans(text string, tokens []Token) error {
	at := 0
	for _, t := range tokens {
		if t.Start < at || t.End < t.Start || t.End > len(text) {
			return fmt.Errorf("token %d covers %d-%d of %d behind %d", t.ID, t.Start, t.End, len(text), at)
		}
		at = t.Start
	}
	return nil
}

func FuzzParse(f *testing.F) {
	if data, err := os.ReadFile(shared(f, "vocab.spm")); err == nil {
		f.Add(data[:2000], "l'EI")
	}
	f.Add([]byte("\x0a\x0e\x0a\x05<unk>\x15\x00\x00\x00\x00\x18\x02\x0a\x09\x0a\x02ab\x15\x00\x00\x80\xbf"), "ab c")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		tokens := m.Encode(text)
		if err := checkSpans(text, tokens); err != nil {
			t.Error(err)
		}
		ids := make([]int32, len(tokens))
		for i, token := range tokens {
			ids[i] = token.ID
		}
		if out, spans := m.DecodeSpans(ids); len(spans) != len(ids) || utf8.ValidString(text) && m.byteFallback && !utf8.ValidString(out) {
			t.Errorf("%q becomes %q", text, out)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	m := vocabulary(b)
	texts := lines(b, "bench256.txt")
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range texts {
			m.Encode(text)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile(shared(b, "vocab.spm"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
