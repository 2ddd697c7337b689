package dispatch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
	"depeche/segment/dispatch"
)

// FuzzRead reads any bytes: blocks and the white space between them give the
// source back, segments and the white space between them the blocks.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("1. un\n2. deux\n\f\u2028a) b\r\n\r-\n> «\u00a0non\n\u00ad"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := dispatch.Read(strings.NewReader(string(data)), "-", dispatch.Options{})
		if err != nil {
			t.Skip()
		}
		new(segment.Splitter).Document(d)
		checkInvariant(t, d)
	})
}
