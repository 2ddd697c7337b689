package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/align"
	"depeche/translate/memory"
)

func alignCommand() *cli.Command {
	flags := append(pairFlags(),
		&cli.Float64Flag{Name: "least", Usage: "save pairs with a score of at least `SCORE`, from 0 to 1", Value: 0.5},
		&cli.StringFlag{Name: "by", Usage: "`NAME` of the translator"},
		&cli.BoolFlag{Name: "dry-run", Usage: "print the pairs and save none"})
	return &cli.Command{Name: "align", Usage: "add the sentence pairs of a document and its translation", ArgsUsage: "FR.txt EN.txt",
		Description: "Each line printed has a score, how many sentences stand on each side, and the two texts, with tabs between.",
		Flags:       memoryFlags(flags...), Action: withMemory(alignMemory)}
}

// englishAbbreviations end in a full stop that ends no sentence.
const englishAbbreviations = "Mr. Mrs. Ms. Dr. St. Gen. Col. Lt. Sgt. Capt. Sen. Rep. Gov. Rev. Prof. Jr. Sr. Inc.:open Ltd.:open Co.:open Corp.:open vs. " +
	"Jan. Feb. Aug. Sept. Oct. Nov. Dec. i.e. e.g. U.S.:open U.K.:open U.N.:open E.U.:open a.m.:open p.m.:open"

func alignMemory(c *cli.Context, m *memory.Memory) error {
	if c.NArg() != 2 {
		return usagef("memory align wants two files: a document and its translation")
	}
	if s := c.Float64("least"); s < 0 || s > 1 {
		return usagef("--least %g: a score is from 0 to 1", s)
	}
	source, err := sentences(c, c.Args().Get(0), c.String("from"))
	if err != nil {
		return err
	}
	target, err := sentences(c, c.Args().Get(1), c.String("to"))
	if err != nil {
		return err
	}
	info, err := os.Stat(c.Args().Get(1))
	if err != nil {
		return err
	}
	known, err := m.Sample(c.Context, c.String("from"), c.String("to"), 5000)
	if err != nil {
		return err
	}
	if c.String("from") != "fr" || !strings.HasPrefix(c.String("to"), "en") {
		say(c, "the built-in words are French and English; other languages are aligned by length, names and numbers")
	}
	var entries []translate.Entry
	alone, doubtful := 0, 0
	near := func(i int) string {
		if i < 0 || i >= len(source) {
			return ""
		}
		return source[i]
	}
	for _, b := range align.Sentences(source, target, known) {
		s, t := strings.Join(source[b.Source:b.Source+b.Sources], " "), strings.Join(target[b.Target:b.Target+b.Targets], " ")
		fmt.Fprintf(c.App.Writer, "%.2f\t%d-%d\t%s\t%s\n", b.Score, b.Sources, b.Targets, oneLine(s), oneLine(t))
		if s == "" || t == "" {
			alone += b.Sources + b.Targets
			continue
		}
		if b.Score < c.Float64("least") {
			doubtful++
			continue
		}
		entries = append(entries, translate.Entry{
			Query:  translate.Query{From: c.String("from"), To: c.String("to"), Source: s, Previous: near(b.Source - 1), Next: near(b.Source + b.Sources)},
			Target: t, Origin: translate.Origin{Kind: translate.Human, By: c.String("by"), Time: info.ModTime()},
			State: translate.Translated, Document: c.Args().Get(0), Note: fmt.Sprintf("aligned %d-%d", b.Sources, b.Targets),
			Score: b.Score, HasScore: true,
		})
	}
	without := ""
	if doubtful > 0 {
		without += fmt.Sprintf("; %s of less than %.2f left out", count(doubtful, "pair"), c.Float64("least"))
	}
	if alone > 0 {
		without += fmt.Sprintf("; %s without a twin", count(alone, "sentence"))
	}
	if c.Bool("dry-run") {
		say(c, "%s would be added%s", count(len(entries), "pair"), without)
		return nil
	}
	if err := m.Save(c.Context, entries); err != nil {
		return err
	}
	say(c, "%s added%s", count(len(entries), "pair"), without)
	return nil
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\t' || r == '\n' || r == '\r' }), " ")
}

// sentences reads a document of a language and gives its sentences.
func sentences(c *cli.Context, path, lang string) ([]string, error) {
	l, err := tag("from", lang)
	if err != nil {
		return nil, err
	}
	splitter := &segment.Splitter{}
	if b, _ := l.Base(); b.String() == "en" {
		list := strings.NewReplacer(" ", "\n", ":", " ").Replace(englishAbbreviations)
		if splitter.Abbreviations, err = segment.ReadAbbreviations("English abbreviations", strings.NewReader(list)); err != nil {
			return nil, err
		}
	}
	doc, err := readDocument(c, path, l, splitter)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, b := range doc.Blocks {
		if b.Kind == segment.Separator {
			continue
		}
		for _, s := range b.Segments {
			list = append(list, s.Text)
		}
	}
	return list, nil
}
