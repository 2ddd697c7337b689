package output

import (
	"archive/zip"
	"hash/crc32"
	"io"
	"time"
)

// archive writes a ZIP file that depends on its content alone: entries bear
// the document's time or, without one, the first that ZIP knows.
type archive struct {
	z    *zip.Writer
	time time.Time
}

func newArchive(w io.Writer, o Options) *archive {
	t := o.Time.UTC()
	if t.Year() < 1980 {
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return &archive{zip.NewWriter(w), t}
}

func (a *archive) header(name string, method uint16) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Method: method}
	// Not h.Modified: it would add an extra field, which EPUB forbids for its
	// first entry and nobody needs.
	//lint:ignore SA1019 the deprecated fields are the ones without an extra field
	h.ModifiedDate = uint16(a.time.Day() + int(a.time.Month())<<5 + (a.time.Year()-1980)<<9)
	//lint:ignore SA1019 likewise
	h.ModifiedTime = uint16(a.time.Second()/2 + a.time.Minute()<<5 + a.time.Hour()<<11)
	return h
}

// add writes a compressed entry.
func (a *archive) add(name string, write func(io.Writer) error) error {
	w, err := a.z.CreateHeader(a.header(name, zip.Deflate))
	if err != nil {
		return err
	}
	return write(w)
}

// text writes a compressed entry with that content.
func (a *archive) text(name, content string) error {
	return a.add(name, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
}

// stored writes an entry without compression and without a data descriptor,
// as EPUB wants its first one.
func (a *archive) stored(name string, data []byte) error {
	h := a.header(name, zip.Store)
	h.CRC32 = crc32.ChecksumIEEE(data)
	h.CompressedSize64, h.UncompressedSize64 = uint64(len(data)), uint64(len(data))
	w, err := a.z.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (a *archive) close() error { return a.z.Close() }
