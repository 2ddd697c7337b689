//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package marian

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile gives a file's content as read-only memory and a function that
// gives it back. The file must not shrink while it is mapped.
func mapFile(name string) ([]byte, func() error, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := info.Size()
	switch {
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s is no regular file", name)
	case size == 0:
		return nil, nil, fmt.Errorf("%s is empty", name)
	case size != int64(int(size)):
		return nil, nil, fmt.Errorf("%s is too large for this system", name)
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, os.NewSyscallError("mmap", err))
	}
	return b, func() error { return syscall.Munmap(b) }, nil
}
