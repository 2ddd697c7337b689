package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// address is where a page is served and with which token. It is kept, for the
// user's eyes alone, while the server runs: when a server was killed, the next
// one for the same files takes its place, so that open tabs find it again and
// save what waits in them. A server that ends as it should removes it.
type address struct {
	Addr  string `json:"addr"`
	Token string `json:"token"`
	path  string
}

// openAddress reads what a killed server left; dir "" keeps nothing.
func openAddress(dir string, files []string) *address {
	a := &address{}
	if dir == "" {
		return a
	}
	var all []string
	for _, f := range files {
		if abs, err := filepath.Abs(f); err == nil {
			f = abs
		}
		all = append(all, f)
	}
	sum := sha256.Sum256([]byte(strings.Join(all, "\x00")))
	path := filepath.Join(dir, hex.EncodeToString(sum[:8])+".address")
	if data, err := os.ReadFile(path); err == nil && json.Unmarshal(data, a) != nil {
		*a = address{} // not ours: start anew
	}
	a.path = path
	return a
}

// listen takes the kept place if it is free, and else the one that is asked for.
// taken says that the token of the killed server holds.
func (a *address) listen(addr string) (l net.Listener, taken bool, err error) {
	if host, port, err := net.SplitHostPort(a.Addr); err == nil && len(a.Token) >= 32 {
		wantHost, wantPort, _ := net.SplitHostPort(addr)
		if host == wantHost && (wantPort == "0" || wantPort == port) {
			if l, err := net.Listen("tcp", a.Addr); err == nil {
				return l, true, nil
			}
		}
	}
	l, err = net.Listen("tcp", addr)
	return l, false, err
}

func (a *address) keep(addr, token string) error {
	a.Addr, a.Token = addr, token
	if a.path == "" {
		return nil
	}
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(a.path, data, 0o600)
}

func (a *address) forget() {
	if a.path != "" {
		os.Remove(a.path) // the worst is that the next server takes this place
	}
}
