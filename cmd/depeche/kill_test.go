package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"depeche/translate/memory"
)

// ledger is a paid backend for `exec`: it writes every text that it is asked
// to the file $LEDGER with the name $RUN before it answers, and takes its time.
func ledger() {
	log, err := os.OpenFile(os.Getenv("LEDGER"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		os.Exit(1)
	}
	in := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var req struct{ ID, Text string }
		if err := json.Unmarshal(in.Bytes(), &req); err != nil {
			os.Exit(1)
		}
		if _, err := fmt.Fprintf(log, "%s\t%s\n", os.Getenv("RUN"), req.Text); err != nil {
			os.Exit(1)
		}
		time.Sleep(time.Millisecond)
		words := strings.Fields(req.Text)
		slices.Reverse(words)
		if err := out.Encode(map[string]string{"id": req.ID, "text": strings.Join(words, " ")}); err != nil {
			os.Exit(1)
		}
	}
}

// desk is a folder in which the program runs, apart from the user's.
type desk struct {
	t   testing.TB
	dir string
}

func newDesk(t testing.TB) *desk {
	d := &desk{t, t.TempDir()}
	d.write("depeche.toml", "backend = \"exec\"\nno-starter = true\n[backends.exec]\ncommand = [\"ledger\"]\n")
	return d
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		d.t.Fatal(err)
	}
}

// command is a call of the program whose questions go to the ledger as run's.
func (d *desk) command(run string, args ...string) *exec.Cmd {
	cmd := exec.Command("depeche", args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "HOME="+d.dir, "XDG_CONFIG_HOME="+d.dir+"/.config", "XDG_CACHE_HOME="+d.dir+"/.cache",
		"XDG_DATA_HOME="+d.dir+"/.data", "LEDGER="+d.dir+"/ledger", "RUN="+run)
	return cmd
}

func (d *desk) run(args ...string) (stderr string, code int) {
	d.t.Helper()
	cmd := d.command("0", args...)
	var buf bytes.Buffer
	cmd.Stderr = &buf
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return buf.String(), cmd.ProcessState.ExitCode()
}

// files gives the content of all files below a folder.
func (d *desk) files(dir string) map[string]string {
	d.t.Helper()
	all := make(map[string]string)
	root := filepath.Join(d.dir, dir)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		all[rel] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.t.Fatal(err)
	}
	return all
}

// asked gives the texts of the ledger by run.
func (d *desk) asked() map[string][]string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, "ledger"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.t.Fatal(err)
	}
	all := make(map[string][]string)
	for line := range strings.Lines(string(data)) {
		run, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		all[run] = append(all[run], text)
	}
	return all
}

// saved gives the sources in the memory.
func (d *desk) saved() map[string]bool {
	d.t.Helper()
	path := filepath.Join(d.dir, ".data", "depeche", "memory.db")
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	m, err := memory.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer m.Close()
	all := make(map[string]bool)
	hits, err := m.Search(context.Background(), "", 1e9)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, h := range hits {
		all[h.Source] = true
	}
	return all
}

// dispatches writes n documents that share some of their sentences.
func (d *desk) dispatches(n int) {
	places := []string{"Paris", "Moscou", "Damas", "Bamako", "Genève"}
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "Le bilan de la journée numéro %d\n\n", i)
		for k := range 4 {
			fmt.Fprintf(&b, "Le ministre est arrivé à %s avec %d conseillers. ", places[(i+k)%5], 100*i+k)
			fmt.Fprintf(&b, "La séance a été levée à %d heures par le président de %s.\n\n", i%9+2, places[k])
		}
		b.WriteString("La police n'a pas commenté cette information.\n")
		d.write(fmt.Sprintf("in/%03d.txt", i), b.String())
	}
}

// inFlight is how many texts may be asked and not yet saved at a moment: two
// documents at a time, with two requests each, of at most 32 texts.
const inFlight = 2 * 2 * 32

// TestKill kills runs over a folder at random moments: the last one leaves
// what an undisturbed run would have left, and no text that was saved is asked
// for again. DEPECHE_KILLS=200 is the full form, over 300 documents.
func TestKill(t *testing.T) {
	kills, documents := 6, 12
	if s := os.Getenv("DEPECHE_KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		documents = max(documents, kills*3/2)
	}
	calm, rough := newDesk(t), newDesk(t)
	calm.dispatches(documents)
	rough.dispatches(documents)
	// An editor's sentence that is near others: offered, whenever they come.
	for _, d := range []*desk{calm, rough} {
		d.write("edited.tmx", `<tmx version="1.4"><header/><body><tu changeid="jd" changedate="20151001T120000Z"><tuv xml:lang="fr"><seg>Le ministre est arrivé à Paris avec ses conseillers.</seg></tuv>`+
			`<tuv xml:lang="en"><seg>The minister arrived in Paris with his advisers.</seg></tuv></tu></body></tmx>`)
		if said, code := d.run("memory", "import", "edited.tmx"); code != 0 {
			t.Fatal(said)
		}
	}
	if said, code := calm.run("translate", "in", "-o", "out/"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	// A kill comes after some questions, so that all parts of the work get
	// theirs, and a moment of any length.
	share := 2*total(calm.asked())/kills + 1
	var saved []map[string]bool
	for k := range kills {
		cmd := rough.command(strconv.Itoa(k), "translate", "in", "-o", "out/")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for end, n := time.Now().Add(3*time.Second), rand.IntN(share); len(rough.asked()[strconv.Itoa(k)]) < n && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(40 * time.Millisecond))))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		saved = append(saved, rough.saved())
	}
	last := strconv.Itoa(kills)
	if out, err := rough.command(last, "translate", "in", "-o", "out/").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, got := calm.files("out"), rough.files("out")
	if len(want) != 2*documents+1 { // and the index of the pages
		t.Fatalf("the undisturbed run wrote %d files", len(want))
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s differs from the undisturbed run's:\n%s", name, firstDifference(text, got[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s was left behind", name)
		}
	}
	asked := rough.asked()
	for k := range kills + 1 {
		seen := make(map[string]bool)
		lost := 0
		for _, text := range asked[strconv.Itoa(k)] {
			if seen[text] {
				t.Errorf("run %d asked twice for %q", k, text)
			}
			seen[text] = true
			if k > 0 && saved[k-1][text] {
				t.Errorf("run %d asked for %q, which was saved", k, text)
			}
			if k < kills && !saved[k][text] {
				lost++
			}
		}
		if lost > inFlight {
			t.Errorf("kill %d lost %d answers; at most %d can be in flight", k, lost, inFlight)
		}
	}
	t.Logf("%d documents, %d kills: %d texts asked, %d without kills", documents, kills, total(asked), total(calm.asked()))
}

func total(asked map[string][]string) int {
	n := 0
	for _, list := range asked {
		n += len(list)
	}
	return n
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d: want %.300q\n got %.300q", i+1, a[i], append(b, make([]string, len(a))...)[i])
		}
	}
	return "it is longer"
}
