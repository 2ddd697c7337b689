package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/text/language"

	"depeche/output"
	"depeche/segment"
	"depeche/segment/dispatch"
	"depeche/translate"
)

// readFlags are the flags of all commands that read dispatches.
func readFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "from", Aliases: []string{"s"}, Usage: "language `LANG` of the source", Value: "fr", EnvVars: []string{"DEPECHE_FROM"}},
		&cli.StringFlag{Name: "encoding", Usage: "character `ENCODING` of the input; guessed if not given", EnvVars: []string{"DEPECHE_ENCODING"}},
		&cli.IntFlag{Name: "quotes-max", Usage: "split quotations of more than `N` characters inside", Value: 500, EnvVars: []string{"DEPECHE_QUOTES_MAX"}},
		&cli.BoolFlag{Name: "split-quotes", Usage: "split inside all quotations", EnvVars: []string{"DEPECHE_SPLIT_QUOTES"}},
		&cli.StringFlag{Name: "abbreviations", Usage: "more abbreviations from `FILE`, one a line", EnvVars: []string{"DEPECHE_ABBREVIATIONS"}},
	}
}

// splitter is what the flags make of the splitter.
func splitter(c *cli.Context) (*segment.Splitter, error) {
	s := &segment.Splitter{QuotesMax: c.Int("quotes-max"), InsideQuotes: c.Bool("split-quotes")}
	if s.QuotesMax < 0 {
		return nil, usagef("--quotes-max %d: a number of characters is not negative", s.QuotesMax)
	}
	if name := c.String("abbreviations"); name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, notExist(name, err)
		}
		defer f.Close()
		if s.Abbreviations, err = segment.ReadAbbreviations(name, f); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func tag(flag, value string) (language.Tag, error) {
	t, err := language.Parse(value)
	if err != nil {
		return t, usagef("--%s %s: no language tag; write fr, en, en-GB …", flag, value)
	}
	return t, nil
}

// readDocument reads one dispatch and splits it.
func readDocument(c *cli.Context, path string, from language.Tag, s *segment.Splitter) (*segment.Document, error) {
	var doc *segment.Document
	read := func(r io.Reader) (err error) {
		doc, err = dispatch.Read(r, path, dispatch.Options{Encoding: c.String("encoding"), Lang: from})
		return err
	}
	var err error
	if path == "-" {
		err = read(c.App.Reader)
	} else {
		err = settled(c.Context, path, read)
	}
	if err != nil {
		return nil, err
	}
	s.Document(doc)
	return doc, nil
}

// settled reads a file, and reads it again if it changed in that time: half of
// what somebody is writing is no dispatch.
func settled(ctx context.Context, path string, read func(io.Reader) error) error {
	for range 5 {
		r, closer, err := openFile(path)
		if err != nil {
			return err
		}
		before, err := os.Stat(path)
		if err == nil {
			err = read(r)
		}
		closer()
		after, serr := os.Stat(path)
		if serr != nil {
			return notExist(path, serr)
		}
		if before != nil && os.SameFile(before, after) && before.Size() == after.Size() && before.ModTime().Equal(after.ModTime()) {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("%s: changes while it is read; the same command again takes it up", path)
}

func open(c *cli.Context, path string) (io.Reader, func() error, error) {
	if path == "-" {
		return c.App.Reader, func() error { return nil }, nil
	}
	return openFile(path)
}

func openFile(path string) (io.Reader, func() error, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, notExist(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, nil, fmt.Errorf("%s: is a folder", path)
	}
	return f, f.Close, nil
}

// readBitexts reads a bilingual file by its extension, or by its content from
// standard input.
func readBitexts(c *cli.Context, path string) ([]*translate.Bitext, error) {
	r, closer, err := open(c, path)
	if err != nil {
		return nil, err
	}
	defer closer()
	f, data, err := detect(r, path)
	if err != nil {
		return nil, err
	}
	return f.Read(bytes.NewReader(data), path)
}

// detect reads a bilingual file whole and says what format it has.
func detect(r io.Reader, path string) (*output.Format, []byte, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := output.Detect(path, data)
	return f, data, err
}
