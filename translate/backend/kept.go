package backend

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/translate"
)

// TermsProtect as Config.Terms keeps no glossary of ours at the service.
const TermsProtect = "protect"

// checkTerms refuses what Config.Terms cannot be.
func (c Config) checkTerms(name string) error {
	if c.Terms == "" || c.Terms == TermsProtect {
		return nil
	}
	return &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: fmt.Sprintf("terms = %q is unknown", c.Terms),
		Remedy: fmt.Sprintf("write terms = %q under [backends.%s] in the configuration, or leave it out", TermsProtect, name)}
}

// keptName is what a list is called at a service: a stem that says whose it
// is and of which glossary and languages, and the hash of its contents. The
// stem alone tells ours from others' and an old one from the one in use.
type keptName struct{ stem, hash string }

func nameKept(list *glossary.List, from, to language.Tag) keptName {
	var b strings.Builder
	for _, r := range strings.ToLower(list.Name) {
		switch {
		case b.Len() == 24:
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	f, _ := from.Base()
	t, _ := to.Base()
	return keptName{stem: "depeche-" + strings.Trim(b.String(), "-") + "-" + f.String() + "-" + t.String() + "-", hash: list.Hash()}
}

func (n keptName) String() string { return n.stem + n.hash }

// old reports whether a name is of an earlier state of the same glossary.
func (n keptName) old(name string) bool {
	hash, ok := strings.CutPrefix(name, n.stem)
	return ok && hash != n.hash && len(hash) == len(n.hash) && strings.Trim(hash, "0123456789abcdef") == ""
}
