package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// finished runs the command again over in/ and wants what an undisturbed run
// makes of it; with texts, the ledger must hold no text twice.
func (d *desk) finished(once bool) {
	d.t.Helper()
	if said, code := d.run("translate", "in", "-o", "out/"); code != 0 {
		d.t.Fatalf("exit %d: %s", code, said)
	}
	calm := newDesk(d.t)
	for name, text := range d.files("in") {
		calm.write("in/"+name, text)
	}
	if said, code := calm.run("translate", "in", "-o", "out/"); code != 0 {
		d.t.Fatalf("exit %d: %s", code, said)
	}
	want, got := calm.files("out"), d.files("out")
	for name, text := range want {
		if got[name] != text {
			d.t.Errorf("%s differs from the undisturbed run's:\n%s", name, firstDifference(text, got[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			d.t.Errorf("%s was left behind", name)
		}
	}
	if once {
		d.askedOnce()
	}
}

func (d *desk) askedOnce() {
	d.t.Helper()
	seen := make(map[string]bool)
	for _, list := range d.asked() {
		for _, text := range list {
			if seen[text] {
				d.t.Errorf("asked twice for %q", text)
			}
			seen[text] = true
		}
	}
}

// TestTwoRuns starts two runs over one folder at once.
func TestTwoRuns(t *testing.T) {
	d := newDesk(t)
	d.dispatches(6)
	var runs []*exec.Cmd
	var said [2]bytes.Buffer
	for k := range 2 {
		cmd := d.command(fmt.Sprint(k), "translate", "in", "-o", "out/")
		cmd.Stderr = &said[k]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, cmd)
	}
	for k, cmd := range runs {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, &said[k])
		}
	}
	d.finished(true)
}

// TestLockedMemory has another process hold the database: the run waits, and
// says so in the end if it must.
func TestLockedMemory(t *testing.T) {
	d := newDesk(t)
	d.dispatches(2)
	if said, code := d.run("memory", "stats"); code != 0 {
		t.Fatal(said)
	}
	db, err := sql.Open("sqlite", filepath.Join(d.dir, ".data", "depeche", "memory.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(2*time.Second, func() { _, _ = db.Exec("ROLLBACK") })
	d.finished(true)
	if os.Getenv("DEPECHE_KILLS") == "" {
		return // the rest waits for ten seconds; it belongs to the full form
	}
	d.write("in/new.txt", "Une phrase de plus est arrivée ce matin.\n")
	if _, err := db.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	said, code := d.run("translate", "in", "-o", "out/")
	if code != exitFailed || !strings.Contains(said, "another program holds it") {
		t.Errorf("exit %d: %s", code, said)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	d.finished(false)
}

// TestReadOnlyFolder has an output folder that can't be written: nothing is
// asked of a backend whose answers would have no place.
func TestReadOnlyFolder(t *testing.T) {
	d := newDesk(t)
	d.dispatches(2)
	out := "/sys/depeche/" // where not even root may write
	if os.Getuid() != 0 {
		out = filepath.Join(d.dir, "out")
		if err := os.Mkdir(out, 0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(out, 0o755)
	} else if _, err := os.Stat("/sys"); err != nil {
		t.Skip("root may write everywhere here")
	}
	said, code := d.run("translate", "in", "-o", out)
	if code != exitFailed || !strings.Contains(said, out[:len(out)-1]) {
		t.Errorf("exit %d: %s", code, said)
	}
	if n := total(d.asked()); n != 0 {
		t.Errorf("%d texts were asked for in vain", n)
	}
}

// TestFullDisk has the outputs, then the memory, on a disk that fills up.
func TestFullDisk(t *testing.T) {
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skip("a small file system can't be mounted here: ", err)
	}
	for _, full := range []string{"out", ".data/depeche"} {
		t.Run(full, func(t *testing.T) {
			d := newDesk(t)
			d.dispatches(8)
			if err := os.MkdirAll(filepath.Join(d.dir, full), 0o777); err != nil {
				t.Fatal(err)
			}
			// What the small disk holds in the end is copied to the folder under it.
			script := `mkdir keep && mount -t tmpfs -o size=200k none "$1" || exit 77
				depeche translate in -o out/; code=$?; cp -a "$1/." keep/; exit $code`
			cmd := d.command("0", "translate")
			cmd.Path, _ = exec.LookPath("unshare")
			cmd.Args = []string{"unshare", "-rm", "sh", "-c", script, "sh", full}
			said, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() == 77 {
				t.Skip("a small file system can't be mounted here: ", string(said))
			}
			if err == nil || !strings.Contains(string(said), "no space") && !strings.Contains(string(said), "disk is full") {
				t.Fatalf("%v: %s", err, said)
			}
			if err := os.CopyFS(filepath.Join(d.dir, full), os.DirFS(filepath.Join(d.dir, "keep"))); err != nil {
				t.Fatal(err)
			}
			d.finished(full == "out") // a full memory can't remember
		})
	}
}

// TestChangingFile changes a file while it is read.
func TestChangingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("half")
	var got string
	reads := 0
	err := settled(t.Context(), path, func(r io.Reader) error {
		data, err := io.ReadAll(r)
		got = string(data)
		if reads++; reads == 1 {
			write("half and the other half")
		}
		return err
	})
	if err != nil || got != "half and the other half" || reads != 2 {
		t.Errorf("%d reads, %q, %v", reads, got, err)
	}
	err = settled(t.Context(), path, func(r io.Reader) error {
		got += "+"
		write(got)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "changes while it is read") {
		t.Errorf("a file that never rests: %v", err)
	}

	d := newDesk(t)
	d.dispatches(3)
	if said, code := d.run("translate", "in", "-o", "out/"); code != 0 {
		t.Fatal(said)
	}
	d.write("in/001.txt", "Un autre texte est arrivé depuis.\n")
	d.finished(true)
}

// TestClockBack moves the clock: what is done is known by its content.
func TestClockBack(t *testing.T) {
	d := newDesk(t)
	d.dispatches(2)
	if said, code := d.run("translate", "in", "-o", "out/"); code != 0 {
		t.Fatal(said)
	}
	for _, name := range []string{"in/000.txt", "in/001.txt", ".data/depeche/memory.db"} {
		future := time.Now().AddDate(10, 0, 0)
		if err := os.Chtimes(filepath.Join(d.dir, name), future, future); err != nil {
			t.Fatal(err)
		}
	}
	said, code := d.run("translate", "in", "-o", "out/")
	if code != 0 || !strings.Contains(said, "2 documents unchanged") {
		t.Errorf("exit %d: %s", code, said)
	}
	d.finished(true)
}

// TestInterrupt presses Ctrl-C: the run ends within two seconds, says so, and
// goes on with the next call.
func TestInterrupt(t *testing.T) {
	d := newDesk(t)
	d.dispatches(30)
	cmd := d.command("0", "translate", "in", "-o", "out/")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); len(d.asked()["0"]) == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted || !strings.Contains(said.String(), "interrupted") {
		t.Errorf("%v: %s", err, &said)
	}
	d.finished(false)
}
