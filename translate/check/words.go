package check

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

var reWord = regexp.MustCompile(`[\pL\d]+(?:[-’'\x{2011}.][\pL\d]+)*`)

var reAddress = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"«»“”]+[^\s<>"«»“”.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|fr|eu|info|gov|int|io)\b(?:/[^\s<>"«»“”]*[^\s<>"«»“”.,;:!?)\]])?`)

var reHandle = regexp.MustCompile(`(?:^|[^\pL\d/&])([@#][\pL\d_]*\pL[\pL\d_]*)`)

// words splits a text; start is set for those that begin a sentence, a
// quotation or a line. Addresses and handles are left out.
func words(s string) []word {
	skip := addresses(s)
	out := make([]word, 0, len(s)/5)
	end := 0
	for _, loc := range reWord.FindAllStringIndex(s, -1) {
		if len(skip) > 0 && within(skip, loc[0]) {
			end = loc[1]
			continue
		}
		gap := s[end:loc[0]]
		out = append(out, word{text: s[loc[0]:loc[1]], span: segment.Span{Start: loc[0], End: loc[1]},
			start: end == 0 || strings.ContainsAny(gap, ".?!:;«\"“(…•–—-/") && gap != "-"})
		end = loc[1]
	}
	return out
}

// addresses gives the places of URLs, mail addresses, handles and hashtags.
func addresses(s string) []segment.Span {
	if !strings.ContainsAny(s, "@#./") {
		return nil
	}
	var out []segment.Span
	for _, loc := range reAddress.FindAllStringIndex(s, -1) {
		out = append(out, segment.Span{Start: loc[0], End: loc[1]})
	}
	for _, loc := range reHandle.FindAllStringSubmatchIndex(s, -1) {
		if !within(out, loc[2]) {
			out = append(out, segment.Span{Start: loc[2], End: loc[3]})
		}
	}
	return out
}

func within(spans []segment.Span, at int) bool {
	for _, s := range spans {
		if s.Start <= at && at < s.End {
			return true
		}
	}
	return false
}

// vocabulary holds French words as they stand in running text in lower case.
// The value tells whether English has the word, too.
//
//go:embed french.txt
var frenchFile string

var vocabulary = func() map[string]bool {
	m := make(map[string]bool, 32000)
	for w := range strings.Lines(frenchFile) {
		w = strings.TrimSpace(w)
		if w == "" || w[0] == '#' {
			continue
		}
		shared := strings.HasSuffix(w, "=")
		m[strings.TrimSuffix(w, "=")] = shared
	}
	return m
}()

// french reports whether a lower-case word is French and not English.
func french(w string) bool {
	shared, ok := vocabulary[w]
	return ok && !shared
}

// unaccented holds the vocabulary without accents, for capitals that lost
// theirs: Etat.
var unaccented = func() map[string]bool {
	m := make(map[string]bool, len(vocabulary))
	for w := range vocabulary {
		m[fold(w)] = true
	}
	return m
}()

// capitalOnly are words that French capitalises though they are no names.
var capitalOnly = []string{"antiquite", "renaissance", "noel", "toussaint", "ascension", "pentecote", "careme", "hadj", "internet", "assemblee", "elysee", "matignon", "bourse", "senat", "seigneur", "saintete", "excellence", "majeste", "altesse", "eminence", "sainte", "saint", "sylvestre", "ariane", "planning"}

// common reports whether a word, in whatever case, is in the French
// vocabulary, or all its parts are.
func common(w string) bool {
	for part := range strings.SplitSeq(fold(elided(w)), "-") {
		if !unaccented[part] && !slices.Contains(capitalOnly, part) && !unaccented[strings.TrimSuffix(part, "s")] {
			return false
		}
	}
	return true
}

func capitalised(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r)
}

func allCapitals(w string) bool { return strings.ToUpper(w) == w && strings.ToLower(w) != w }

// lowerWord reports whether the word has letters alone and no capital.
func lowerWord(w string) bool {
	for _, r := range w {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// elided cuts "l’", "d'", "qu’" … off a French word.
func elided(w string) string {
	for _, mark := range []string{"'", "’"} {
		if before, after, ok := strings.Cut(w, mark); ok && len(before) <= 7 {
			switch strings.ToLower(before) {
			case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu":
				return after
			}
		}
	}
	return w
}

var unaccent = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "á", "a", "ã", "a", "å", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "í", "i", "ô", "o", "ö", "o", "ó", "o", "ø", "o", "ù", "u", "û", "u", "ü", "u", "ú", "u",
	"ÿ", "y", "ç", "c", "č", "c", "ć", "c", "š", "s", "ş", "s", "ž", "z", "ñ", "n", "ń", "n", "ł", "l", "ğ", "g", "ı", "i", "œ", "oe", "æ", "ae", "ß", "ss", "’", "'", "\u2011", "-")

// fold is the word in lower case without accents.
func fold(w string) string { return unaccent.Replace(strings.ToLower(w)) }
