//go:build !arm64

package gemm

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestARM64 runs the tests of this package for ARM64 under emulation.
func TestARM64(t *testing.T) {
	qemu, err := exec.LookPath("qemu-aarch64")
	if err != nil {
		t.Skip("no qemu-aarch64 (Debian package qemu-user)")
	}
	if testing.Short() {
		t.Skip("emulation is slow")
	}
	cmd := exec.Command("go", "test", "-count=1", "-v", "-exec", qemu, ".")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "paths: [generic neon]") {
		t.Fatalf("the NEON path was not tested:\n%s", out)
	}
}
