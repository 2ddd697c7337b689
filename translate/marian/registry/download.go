package registry

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxFile bounds an unpacked file.
const maxFile = 4 << 30

// Progress is how far the download of a file is, in bytes as they are sent.
type Progress struct {
	File  string
	Done  int64
	Total int64 // 0 if the server does not say
}

// tries is how often a broken download is taken up again.
const tries = 4

// errMixed says that a download is not what the server has, most likely since it
// was begun with another version of the file.
var errMixed = errors.New("the download does not have the digest that the server states")

// errRange says that the server has no bytes from an offset on.
var errRange = errors.New("nothing is left to download")

// get requests an address, from a byte offset on. The answer's status is OK,
// or Partial Content from that offset.
func (r *Registry) get(ctx context.Context, address string, from int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	// the files are compressed by themselves and shall not be unpacked on the way
	request.Header.Set("Accept-Encoding", "gzip")
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	client := r.Client
	if client == nil {
		client = http.DefaultClient // its transport reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY
	}
	response, err := client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if inner := new(url.Error); errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, &OfflineError{address, err}
	}
	switch response.StatusCode {
	case http.StatusOK:
		return response, nil
	case http.StatusPartialContent:
		if strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", from)) {
			return response, nil
		}
	}
	response.Body.Close()
	switch code := response.StatusCode; {
	case code == http.StatusRequestedRangeNotSatisfiable && from > 0:
		return nil, errRange
	case code == http.StatusNotFound:
		return nil, fmt.Errorf("%w: %s answers %s", ErrNotFound, address, response.Status)
	case code >= 500 || code == http.StatusTooManyRequests:
		return nil, &OfflineError{address, errors.New(response.Status)}
	}
	return nil, fmt.Errorf("%s answers %s", address, response.Status)
}

// download brings one file of a model into dir, unpacked, and returns its size
// and SHA-256. What an earlier try left behind is gone on with.
func (r *Registry) download(ctx context.Context, base, dir string, f File, progress func(Progress)) (int64, string, error) {
	if size, sum, err := hashFile(filepath.Join(dir, f.Name())); err == nil && f.SHA256 != "" && sum == f.SHA256 {
		return size, sum, nil
	}
	address, err := url.JoinPath(base, f.Path)
	if err != nil {
		return 0, "", err
	}
	part := filepath.Join(dir, f.Name()+".part")
	for try := 1; ; try++ {
		err := r.fetch(ctx, address, part, f, progress)
		if err == nil {
			size, sum, err := unpack(part, filepath.Join(dir, f.Name()), f)
			if err == nil {
				return size, sum, nil
			}
			// the parts may be of two versions of the file: once more from the start
			if remove := os.Remove(part); remove != nil || try >= 2 {
				return 0, "", errors.Join(fmt.Errorf("%s: %w", address, err), remove)
			}
			continue
		}
		if ctx.Err() != nil {
			return 0, "", ctx.Err()
		}
		if errors.Is(err, errMixed) && try == 1 {
			continue
		}
		if offline := new(OfflineError); !errors.As(err, &offline) || try >= tries {
			return 0, "", err
		}
		select {
		case <-ctx.Done():
			return 0, "", ctx.Err()
		case <-time.After(time.Duration(try*try) * 250 * time.Millisecond):
		}
	}
}

// fetch completes the file part with what the server has behind it.
func (r *Registry) fetch(ctx context.Context, address, part string, f File, progress func(Progress)) error {
	out, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	from, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	response, err := r.get(ctx, address, from)
	if errors.Is(err, errRange) {
		return out.Close() // all of it is here; whether it is whole, unpack finds out
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK { // from the start, whatever was asked for
		from = 0
		if err := out.Truncate(0); err != nil {
			return err
		}
		if _, err := out.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	state := Progress{File: f.Name(), Done: from}
	if response.ContentLength > 0 {
		state.Total = from + response.ContentLength
	}
	body := &reader{ctx: ctx, from: response.Body, progress: progress, state: state}
	if _, err := io.Copy(out, io.LimitReader(body, maxFile)); err != nil {
		if body.failed {
			return &OfflineError{address, err}
		}
		return err
	}
	if state.Total > 0 && body.state.Done != state.Total {
		return &OfflineError{address, io.ErrUnexpectedEOF}
	}
	if err := checkMD5(out, response.Header); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", address, err), out.Truncate(0))
	}
	return out.Close()
}

// reader reports progress and tells failures of the network from those of the
// disk.
type reader struct {
	ctx      context.Context
	from     io.Reader
	progress func(Progress)
	state    Progress
	failed   bool
}

func (r *reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.from.Read(b)
	r.state.Done += int64(n)
	if r.progress != nil && n > 0 {
		r.progress(r.state)
	}
	r.failed = err != nil && err != io.EOF
	return n, err
}

// checkMD5 compares a whole downloaded object with the digest that Google's
// storage states in its answer, if it does.
func checkMD5(f *os.File, header http.Header) error {
	for _, value := range header.Values("X-Goog-Hash") {
		for _, part := range strings.Split(value, ",") {
			want, ok := strings.CutPrefix(strings.TrimSpace(part), "md5=")
			if !ok {
				continue
			}
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				return err
			}
			sum := md5.New()
			if _, err := io.Copy(sum, f); err != nil {
				return err
			}
			if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != want {
				return fmt.Errorf("%w: MD5 %s, not %s", errMixed, got, want)
			}
		}
	}
	return nil
}

// unpacked reads through gzip where the content is compressed.
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		return gzip.NewReader(b)
	}
	return b, nil
}

// unpack writes a downloaded file's content to name and checks it against what
// the registry states. The download is removed when all is well.
func unpack(part, name string, f File) (int64, string, error) {
	in, err := os.Open(part)
	if err != nil {
		return 0, "", err
	}
	defer in.Close()
	content, err := unpacked(in)
	if err != nil {
		return 0, "", err
	}
	out, err := os.Create(name)
	if err != nil {
		return 0, "", err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(out, sum), io.LimitReader(content, maxFile))
	if err = errors.Join(err, out.Close()); err == nil {
		got := hex.EncodeToString(sum.Sum(nil))
		switch {
		case f.SHA256 != "" && got != f.SHA256:
			err = fmt.Errorf("SHA-256 %s, the registry states %s", got, f.SHA256)
		case f.Size > 0 && size != f.Size:
			err = fmt.Errorf("%d bytes, the registry states %d", size, f.Size)
		default:
			in.Close()
			return size, got, os.Remove(part)
		}
	}
	return 0, "", errors.Join(err, os.Remove(name))
}

// hashFile is the size and the SHA-256 of a file.
func hashFile(name string) (int64, string, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return n, hex.EncodeToString(sum.Sum(nil)), err
}
