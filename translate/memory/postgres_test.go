package memory

import (
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// server is the PostgreSQL that the tests of this package share.
var server struct {
	once sync.Once
	url  string
	why  string // there is none
	stop func()
	next int
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	os.Exit(code)
}

// postgres gives the address of a new, empty database on a real server that
// runs on loopback, or skips the test where Debian's PostgreSQL is not there.
func postgres(t *testing.T) string {
	t.Helper()
	server.once.Do(start)
	if server.why != "" {
		t.Skip("no PostgreSQL: " + server.why)
	}
	server.next++
	name := "t" + strconv.Itoa(server.next)
	if out, err := exec.Command("psql", server.url+"/postgres", "-qc", "CREATE DATABASE "+name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return server.url + "/" + name
}

func start() {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		server.why = "install Debian's postgresql"
		return
	}
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		server.why = err.Error()
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		server.why = err.Error()
		return
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	// The server refuses to run as root: then it runs as Debian's user for it.
	as := func(args ...string) *exec.Cmd { return exec.Command(args[0], args[1:]...) }
	if os.Getuid() == 0 {
		if _, err := user.Lookup("postgres"); err != nil {
			server.why = err.Error()
			return
		}
		as = func(args ...string) *exec.Cmd {
			return exec.Command("runuser", append([]string{"-u", "postgres", "--"}, args...)...)
		}
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			server.why = string(out)
			return
		}
	}
	data := filepath.Join(dir, "data")
	for _, c := range [][]string{
		{bin + "/initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"},
		{bin + "/pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", "-h 127.0.0.1 -p " + port + " -k " + dir + " -F", "start"},
	} {
		if out, err := as(c...).CombinedOutput(); err != nil {
			server.why = string(out)
			return
		}
	}
	server.url = "postgres://postgres@127.0.0.1:" + port
	server.stop = func() {
		_ = as(bin+"/pg_ctl", "-D", data, "-m", "immediate", "stop").Run()
		os.RemoveAll(dir)
	}
}
