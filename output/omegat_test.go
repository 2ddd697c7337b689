package output

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"depeche/translate"
)

// omegat unpacks a project, adds files to it and has OmegaT make the translated
// documents. It gives those by name, and what the program said.
func omegat(t *testing.T, project []byte, more map[string][]byte) (made map[string][]byte, said string) {
	t.Helper()
	program := program(t, "omegat")
	if testing.Short() {
		t.Skip("starts a translation program")
	}
	dir := t.TempDir()
	z, err := zip.NewReader(bytes.NewReader(project), int64(len(project)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	for name, data := range more {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, dir, "--mode=console-translate")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "target", "*"))
	if err != nil {
		t.Fatal(err)
	}
	made = make(map[string][]byte)
	for _, file := range files {
		if made[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return made, string(out)
}

// TestOmegaT has a translation tool of the old school translate our XLIFF 1.2
// with our TMX: what it makes comes back whole, whether a segment had a
// translation already or not.
func TestOmegaT(t *testing.T) {
	whole := edited(t)
	whole.Pairs[4].Target, whole.Pairs[4].State = "Traffic is suspended until 6:30 p.m. <AFP & Kyodo>.", translate.Translated
	bare := untranslatedCopy(edited(t))
	made, said := omegat(t, write(t, "omegat", Options{}, bare), map[string][]byte{"tm/auto/all.tmx": write(t, "tmx", Options{}, whole),
		"source/half.xlf": write(t, "xliff12", Options{}, edited(t))})
	for name, want := range map[string]int{"japon.xlf": len(whole.Pairs), "half.xlf": 1} {
		edits, err := ReadEdits(name, made[name])
		if err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		b := bare
		if name == "half.xlf" {
			b = edited(t)
		}
		changed, err := Merge([]*translate.Bitext{b}, edits, "", b.Pairs[0].Origin.Time)
		if err != nil || len(changed[0]) != want {
			t.Errorf("%s: %v changed, not %d: %v\n%s", name, changed, want, err, said)
		}
		for i := range b.Pairs {
			if got, want := b.Pairs[i].Target, whole.Pairs[i].Target; got != want {
				t.Errorf("%s: %q is %q, not %q", name, b.Pairs[i].Source.Text, got, want)
			}
		}
	}
	if !strings.Contains(said, "all.tmx") {
		t.Errorf("the TMX was not read:\n%s", said)
	}
}

// TestOmegaTProject opens our project and edits one translation in its memory,
// as OmegaT does when somebody types.
func TestOmegaTProject(t *testing.T) {
	b := edited(t)
	b.Document.Name = "japon.txt"
	project := write(t, "omegat", Options{}, b)
	project = changePart(t, project, "omegat/project_save.tmx", func(s string) string {
		return strings.Replace(s, "The authorities has not issued alert.", "The authorities have issued no alert.", 1)
	})
	made, said := omegat(t, project, nil)
	edits, err := ReadEdits("japon.xlf", made["japon.xlf"])
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	changed, err := Merge([]*translate.Bitext{b}, edits, "", b.Pairs[0].Origin.Time)
	if err != nil || len(changed[0]) != 1 || b.Pairs[3].Target != "The authorities have issued no alert." {
		t.Errorf("changed %v: %v\n%s\n%s", changed, err, made["japon.xlf"], said)
	}
}
