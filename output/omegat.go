package output

import (
	_ "embed"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"depeche/translate"
)

//go:embed omegat/omegat.project
var omegatProject string

// writeOmegaT writes a project of OmegaT, packed: each document as XLIFF 1.2
// whose targets are the source still, as OmegaT 3 wants it, the translations
// as the project's memory, and the terms as its glossary. What OmegaT makes of
// it in the folder target is XLIFF 1.2 and comes back as such.
func writeOmegaT(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	a := newArchive(w, o)
	languages := strings.NewReplacer("SOURCE", texts[0].Document.Lang.String(), "TARGET", texts[0].Lang.String())
	if err := a.text("omegat.project", languages.Replace(omegatProject)); err != nil {
		return err
	}
	if err := a.add("omegat/project_save.tmx", func(w io.Writer) error { return writeTMX(w, texts, o) }); err != nil {
		return err
	}
	names := make(map[string]bool)
	for _, b := range texts {
		if b.Lang != texts[0].Lang {
			return fmt.Errorf("%s is in %s; one project has one target language, here %s", b.Document.Name, b.Lang, texts[0].Lang)
		}
		name := strings.TrimSuffix(path.Base(b.Document.Name), path.Ext(b.Document.Name))
		for n := 2; name == "" || names[name]; n++ {
			name = strings.TrimSuffix(path.Base(b.Document.Name), path.Ext(b.Document.Name)) + "-" + strconv.Itoa(n)
		}
		names[name] = true
		if err := a.add("source/"+name+".xlf", func(w io.Writer) error { return writeXLIFF12(w, []*translate.Bitext{untranslatedCopy(b)}, o) }); err != nil {
			return err
		}
	}
	entries, _ := termsOf(texts)
	err := a.add("glossary/terms.utf8", func(w io.Writer) error {
		cell := strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")
		for _, e := range entries {
			if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", cell.Replace(e.Entry), cell.Replace(e.Preferred), cell.Replace(e.Note)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, folder := range []string{"target/", "tm/", "dictionary/"} { // must be there
		if err := a.stored(folder, nil); err != nil {
			return err
		}
	}
	return a.close()
}

// untranslatedCopy is b without its targets and what was found in them.
func untranslatedCopy(b *translate.Bitext) *translate.Bitext {
	bare := *b
	bare.Pairs = make([]translate.Pair, len(b.Pairs))
	for i := range b.Pairs {
		p := &b.Pairs[i]
		bare.Pairs[i] = translate.Pair{Block: p.Block, Source: p.Source, State: translate.Initial, Origin: translate.Origin{Kind: translate.None}, Comment: p.Comment}
	}
	return &bare
}
