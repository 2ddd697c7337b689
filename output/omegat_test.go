package output

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"depeche/translate"
)

const omegatProject = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <tm_dir>__DEFAULT__</tm_dir>
    <glossary_dir>__DEFAULT__</glossary_dir>
    <glossary_file>__DEFAULT__</glossary_file>
    <dictionary_dir>__DEFAULT__</dictionary_dir>
    <source_lang>fr</source_lang>
    <target_lang>en</target_lang>
    <sentence_seg>false</sentence_seg>
    <support_default_translations>true</support_default_translations>
    <remove_tags>false</remove_tags>
  </project>
</omegat>
`

// TestOmegaT has a translation tool of the old school translate our XLIFF 1.2
// with our TMX: what it makes comes back whole, whether a segment had a
// translation already or not.
func TestOmegaT(t *testing.T) {
	omegat := program(t, "omegat")
	if testing.Short() {
		t.Skip("starts a translation program")
	}
	whole := edited(t)
	whole.Pairs[4].Target, whole.Pairs[4].State = "Traffic is suspended until 6:30 p.m. <AFP & Kyodo>.", translate.Translated
	bare := edited(t)
	for i := range bare.Pairs {
		p := &bare.Pairs[i]
		p.Target, p.State, p.Origin, p.Findings = "", translate.Initial, translate.Origin{Kind: translate.None}, nil
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"omegat.project": []byte(omegatProject), "tm/auto/all.tmx": write(t, "tmx", Options{}, whole),
		"source/bare.xlf": write(t, "xliff12", Options{}, bare), "source/half.xlf": write(t, "xliff12", Options{}, edited(t))} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"target", "omegat", "glossary", "dictionary"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(omegat, dir, "--mode=console-translate")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, want := range map[string]int{"bare.xlf": len(whole.Pairs), "half.xlf": 1} {
		data, err := os.ReadFile(filepath.Join(dir, "target", name))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		edits, err := ReadEdits(name, data)
		if err != nil {
			t.Fatal(err)
		}
		b := bare
		if name == "half.xlf" {
			b = edited(t)
		}
		changed, err := Merge([]*translate.Bitext{b}, edits, "", b.Pairs[0].Origin.Time)
		if err != nil || len(changed[0]) != want {
			t.Errorf("%s: %v changed, not %d: %v\n%s", name, changed, want, err, out)
		}
		for i := range b.Pairs {
			if got, want := b.Pairs[i].Target, whole.Pairs[i].Target; got != want {
				t.Errorf("%s: %q is %q, not %q", name, b.Pairs[i].Source.Text, got, want)
			}
		}
	}
	if !strings.Contains(string(out), "all.tmx") {
		t.Errorf("the TMX was not read:\n%s", out)
	}
}
