package gemm

import (
	"encoding/binary"
	"os"
)

// hasDotProduct reads the auxiliary vector that the kernel gives a process,
// pairs of 64-bit numbers. Source: Linux, Documentation/arch/arm64/elf_hwcaps.rst.
func hasDotProduct() bool {
	const hwcap, asimddp = 16, 1 << 20
	auxv, err := os.ReadFile("/proc/self/auxv")
	if err != nil {
		return false
	}
	for ; len(auxv) >= 16; auxv = auxv[16:] {
		if binary.NativeEndian.Uint64(auxv) == hwcap {
			return binary.NativeEndian.Uint64(auxv[8:])&asimddp != 0
		}
	}
	return false
}
