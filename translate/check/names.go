package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/typography"
)

// names gives the words of the source that must be names: capitalised inside
// a sentence and in no vocabulary.
func names(t *text) []word {
	var out []word
	ws := t.wordsOf(0)
	for i, w := range ws {
		text := elided(w.text)
		if text != w.text {
			w.span.Start = w.span.End - len(text)
			w.text = text
			w.start = false
		}
		if before, after, ok := strings.Cut(text, "-"); ok && !capitalised(text) && len(before) <= 4 && capitalised(after) { // al-Assad, el-Sissi
			w.span.Start += len(before) + 1
			w.text, text = after, after
		}
		if w.start || len([]rune(text)) < 4 || !capitalised(text) || allCapitals(text) || strings.ContainsFunc(text, unicode.IsDigit) || slices.Contains(t.config.Allow, text) {
			continue
		}
		if reRoman.MatchString(text) || abbreviation(text) || strings.Contains(text, ".") {
			continue
		}
		if (common(text) || common(strings.TrimSuffix(text, "s")) || common(strings.TrimSuffix(text, "es"))) && !(i > 0 && firstName(t, ws[i-1], w)) {
			continue
		}
		out = append(out, w)
	}
	return out
}

// firstName reports whether a word directly before another one, as in Evo
// Morales, is a name that makes a name of a common word, too.
func firstName(t *text, before, w word) bool {
	return t.source[before.span.End:w.span.Start] == " " && len(before.text) >= 3 && capitalised(before.text) && !allCapitals(before.text) && !common(before.text) && !common(strings.TrimSuffix(before.text, "s")) && !strings.ContainsAny(before.text, "'’-.")
}

// abbreviation holds for words with capitals inside, which languages form each
// from its own words: RNCan and NRCan, LdSD and RoHS. Names such as McCain and
// DiCaprio have one.
func abbreviation(w string) bool {
	capitals, at := 0, 0
	for i, r := range w {
		if unicode.IsUpper(r) && i > 0 && w[i-1] != '-' && w[i-1] != '\'' {
			capitals++
			at = i
		}
	}
	return capitals > 1 || capitals == 1 && (at > 3 || at == len(w)-1)
}

var reRoman = regexp.MustCompile(`^[IVXLC]+(?:e|er|ème)$`)

var reBreak = regexp.MustCompile(`[\s"“”(),;:!?—–-]+|\.(?:\s|$)`)

// otherNames are what English says instead of a place's full name.
var otherNames = map[string][]string{
	"united states": {" u.s", " us ", " america", " usa"}, "united kingdom": {" u.k", " uk ", " british", " britain"}, "great britain": {" british", " britain", " uk "},
	"netherlands": {" dutch", " holland"}, "united arab emirates": {" uae", " emirat"}, "america": {" u.s", " us ", " united states"}, "germany": {" german"}, "european union": {" eu "}, "middle east": {" mideast", " near east"},
	"myanmar": {" burm"}, "ivory coast": {" cote d'iv", " ivorian"}, "beijing": {" peking"}, "kyiv": {" kiev"}, "denmark": {" danish"}, "switzerland": {" swiss"}, "france": {" french"},
	"ireland": {" irish"}, "spain": {" spanish", " spaniard"}, "greece": {" greek"}, "poland": {" polish", " pole"}, "turkey": {" turk"}, "sweden": {" swed"}, "finland": {" finn"}, "wales": {" welsh"},
	"scotland": {" scot"}, "england": {" english"}, "norway": {" norwegian"}, "iraq": {" iraq"}, "peru": {" peru"}, "cyprus": {" cypr"}, "malta": {" malt"}, "mexico city": {" mexico"}, "czech republic": {" czech"},
	"odesa": {" odessa"}, "cape verde": {" cabo verde"}, "mumbai": {" bombay"}, "kolkata": {" calcutta"}, "falklands": {" falkland"}, "channel": {" channel"}, "netherlands antilles": {" dutch"}, "oceania": {" ocean", " down under"}, "europe": {" eu "}, "macedonia": {" fyrom"}, "far east": {" eastern asia", " east asia"}, "near east": {" middle east"}, "washington": {" u.s", " us "},
}

// otherPersons are the English forms, as they are folded, of names that French
// has in a form of its own: of popes, kings, the Bible and antiquity, and a few
// that the two languages transliterate differently.
var otherPersons = map[string][]string{"jean": {"john"}, "jean-paul": {"john paul"}, "francois": {"francis"}, "benoit": {"benedict"}, "henri": {"henry"}, "guillaume": {"william"}, "etienne": {"stephen"}, "jacques": {"james", "jack"}, "pierre": {"peter"}, "marie": {"mary"}, "moise": {"moses"}, "matthieu": {"matthew"}, "michel": {"michael"}, "joseph": {"josef"}, "jeanne": {"joan", "jane"}, "nicolas": {"nicholas"}, "frederic": {"frederick"},
	"aristote": {"aristotle"}, "platon": {"plato"}, "ulysse": {"ulysses", "odysseus"}, "hercule": {"hercules"}, "achille": {"achilles"}, "bouddha": {"buddha"}, "mahomet": {"muhammad", "mohammed"}, "ptolemee": {"ptolemy"}, "cesar": {"caesar"}, "neron": {"nero"}, "ciceron": {"cicero"}, "tite-live": {"livy"}, "petrarque": {"petrarch"}, "leonard": {"leonardo"}, "michel-ange": {"michelangelo"}, "colomb": {"columbus"}, "magellan": {"magellan"}, "copernic": {"copernicus"}, "marc-aurele": {"marcus aurelius"}, "vesuve": {"vesuvius"},
	"kadhafi": {"gaddafi", "qaddafi", "gadhafi"}, "tse-toung": {"zedong"}, "eltsine": {"yeltsin"}, "raspoutine": {"rasputin"}, "oussama": {"osama", "usama"}}

// placeSaid reports whether the folded target, between spaces, holds the
// English name of a place, a word made from it, or another name of it.
func placeSaid(english, target string) bool {
	en := strings.ToLower(english)
	f := fold(english)
	if strings.Contains(target, " "+f) {
		return true
	}
	for w := range strings.FieldsSeq(target) { // Syrian, Iraqi; no other name with a fault
		if strings.HasPrefix(w, f[:max(min(4, len(f)), len(f)/2)]) && !misspelt(english, w) {
			return true
		}
	}
	return slices.ContainsFunc(otherNames[en], func(s string) bool { return strings.Contains(target, s) })
}

// namesLost reports names that have no counterpart in the target: neither
// the word, nor one that looks like it, nor the English name of the place.
func namesLost(t *text) {
	for _, n := range t.named() {
		switch {
		case n.fate != lost:
		case n.english != "":
			t.report(n.span, segment.Span{}, n.english, "%s (%s) is not in the translation", n.text, n.english)
		default:
			t.report(n.span, segment.Span{}, "", "%s is not in the translation", n.text)
		}
	}
}

// namesAltered reports a name that comes out with one or two other letters,
// which no way of writing it in English explains: Obama as Obema.
func namesAltered(t *text) {
	for _, n := range t.named() {
		if n.fate == altered {
			want := n.text
			if n.english != "" {
				want = n.english
			}
			t.report(n.span, n.target, want, "%s became %s", want, n.target.Of(t.target))
		}
	}
}

// fate is what became of a name.
type fate int

const (
	kept fate = iota
	altered
	lost
)

// named is a name of the source and what became of it.
type named struct {
	word
	fate    fate
	english string       // the English name of a place, as far as it was looked for
	target  segment.Span // of what it became
}

// named follows the names of the source into the target.
func (t *text) named() []named {
	if t.followed != nil {
		return t.followed
	}
	out := []named{}
	all := " " + reBreak.ReplaceAllString(fold(t.target), " ") + " "
	target := bare(t.wordsOf(1))
	var here []string // folded words of the source, which stand for themselves
	for _, w := range bare(t.wordsOf(0)) {
		here = append(here, fold(w.text))
	}
	for _, n := range names(t) {
		if slices.ContainsFunc(t.terms, func(m translate.Term) bool { return m.Source.Start < n.span.End && n.span.Start < m.Source.End }) {
			continue
		}
		out = append(out, t.follow(n, all, target, here))
	}
	t.followed = out
	return out
}

func (t *text) follow(n word, all string, target []word, here []string) named {
	f := fold(n.text)
	it := named{word: n}
	english, place := typography.Place(n.text)
	if en := fold(english); place && en != f && !strings.Contains(en, " ") && !strings.Contains(all, " "+en) && !slices.ContainsFunc(otherNames[en], func(s string) bool { return strings.Contains(all, s) }) {
		// Londres in an English text, but not Louis Jourdain
		i := slices.IndexFunc(target, func(w word) bool { return capitalised(w.text) && fold(w.text) == f })
		if i >= 0 && !slices.ContainsFunc(target, func(w word) bool { return fold(w.text) == f && t.besides(n, w) }) {
			it.fate, it.english, it.target = altered, english, target[i].span
			return it
		}
	}
	if strings.Contains(all, " "+f) || strings.Contains(all, " "+strings.ReplaceAll(f, "-", "")) || written(f, target) || compound(n.text, all) || t.surnameSaid(n, target) {
		return it
	}
	if place && placeSaid(english, all) || !place && partOfPlace(t.source, n, all) {
		return it
	}
	if place {
		it.english = english
	}
	// What is left is a word that may be the name with a fault in it.
	for _, w := range target {
		word := fold(w.text)
		if !capitalised(w.text) || slices.Contains(here, word) {
			continue
		}
		for _, want := range []string{n.text, english} {
			if want != "" && (place || f == strings.ToLower(n.text)) && misspelt(want, w.text) && !demonym(n.text) && (len(f) > 4 || t.besides(n, w)) {
				it.fate, it.target = altered, w.span
				return it
			}
		}
		if begins(n.text, w.text) || spelt(f, word) || word != "" && f[0] == word[0] && alike(f, word) {
			return it
		}
	}
	if slices.ContainsFunc(otherPersons[f], func(s string) bool { return strings.Contains(all, " "+s+" ") }) || demonym(n.text) && !place {
		return it
	}
	it.fate = lost
	return it
}

// written reports whether a word of the target is the folded name, one of its
// parts or its plural.
func written(name string, target []word) bool {
	parts := append([]string{name}, strings.Split(name, "-")...)
	return slices.ContainsFunc(target, func(w word) bool {
		f := fold(w.text)
		return slices.ContainsFunc(parts, func(p string) bool { return f == p || f == p+"s" || f == strings.TrimSuffix(p, "s") })
	})
}

// begins reports whether a word begins as the name does: Judée and Judean,
// Gazaouis and Gaza.
func begins(name, word string) bool {
	f := fold(name)
	return strings.HasPrefix(fold(word), f[:min(len(f), max(4, len(f)/2))])
}

// bare gives the words without possessive endings, and the parts of those
// with hyphens besides.
func bare(ws []word) []word {
	out := make([]word, 0, len(ws))
	for _, w := range ws {
		for _, end := range []string{"'s", "’s", "'", "’"} {
			if text, ok := strings.CutSuffix(w.text, end); ok {
				w.text, w.span.End = text, w.span.End-len(end)
				break
			}
		}
		if text := elided(w.text); text != w.text {
			w.span.Start += len(w.text) - len(text)
			w.text = text
		}
		out = append(out, w)
		if strings.Contains(w.text, "-") {
			at := w.span.Start
			for part := range strings.SplitSeq(w.text, "-") {
				out = append(out, word{text: part, span: segment.Span{Start: at, End: at + len(part)}})
				at += len(part) + 1
			}
		}
	}
	return out
}

// titles are words before which English leaves a first name out: Mr Sarkozy,
// the Sarkozy report.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "sir": true, "lord": true, "lady": true, "mp": true, "mep": true, "president": true, "minister": true, "chancellor": true, "secretary": true, "senator": true, "commissioner": true, "professor": true, "prof": true, "general": true, "gen": true, "sen": true, "rep": true, "gov": true, "governor": true, "mayor": true, "king": true, "queen": true, "prince": true, "princess": true, "pope": true, "judge": true, "justice": true, "captain": true, "colonel": true, "ambassador": true, "leader": true, "colleague": true,
	"the": true, "a": true, "this": true, "that": true, "his": true, "her": true, "their": true, "our": true, "my": true, "and": true, "or": true, "of": true, "by": true, "to": true, "with": true, "for": true, "de": true, "la": true, "van": true, "von": true, "der": true, "al": true, "bin": true}

// nobiliary are the small words inside names.
var nobiliary = []string{"de", "du", "la", "le", "van", "von", "der", "den", "al", "el", "bin", "ben", "ibn", "da", "dos", "di", "del", "della"}

// surnameSaid reports whether a first name was left out before its surname, as
// English does after a title: of "Nicolas Sarkozy" it is enough that Mr Sarkozy
// is there.
func (t *text) surnameSaid(n word, target []word) bool {
	ws := t.wordsOf(0)
	i := slices.IndexFunc(ws, func(w word) bool { return w.span.End == n.span.End })
	for j := i + 1; i >= 0 && j < len(ws) && j-i <= 3; j++ {
		if strings.TrimSpace(t.source[ws[j-1].span.End:ws[j].span.Start]) != "" {
			return false
		}
		w := elided(ws[j].text)
		if !capitalised(w) {
			if slices.Contains(nobiliary, w) {
				continue
			}
			return false
		}
		if _, place := typography.Place(w); place {
			return false // Sanchez de Madrid
		}
		f, there := fold(w), false
		for k, e := range target {
			if fold(e.text) != f {
				continue
			}
			there = true
			if e.start || k == 0 || titles[strings.TrimSuffix(fold(target[k-1].text), ".")] || strings.ContainsAny(t.target[target[k-1].span.End:e.span.Start], ",;:–—(") {
				return true
			}
		}
		if there {
			return false
		}
	}
	return false
}

// besides reports whether a word of the target stands beside a word that
// stands beside the name in the source, too.
func (t *text) besides(n, w word) bool {
	around := func(ws []word, span segment.Span) (out []string) {
		for i := range ws {
			if ws[i].span.End == span.End {
				for _, j := range []int{i - 1, i + 1} {
					if j >= 0 && j < len(ws) && capitalised(ws[j].text) {
						out = append(out, fold(ws[j].text))
					}
				}
			}
		}
		return out
	}
	there := around(t.wordsOf(1), w.span)
	return slices.ContainsFunc(around(t.wordsOf(0), n.span), func(s string) bool { return slices.Contains(there, s) })
}

// compound reports whether the name joins words of which each is said in the
// target, or one of them and an abbreviation: Corée-États-Unis, UE-Russie.
func compound(name, target string) bool {
	parts := strings.Split(name, "-")
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if len(p) < 4 || common(p) {
			continue
		}
		english, ok := typography.Place(p)
		if strings.Contains(target, fold(p)) || ok && placeSaid(english, target) {
			return true
		}
	}
	return false
}

// partOfPlace reports whether the name is one word of a place's longer name
// that is said in the folded target.
func partOfPlace(source string, n word, target string) bool {
	for _, around := range []int{12, 24} {
		from, to := max(0, n.span.Start-around), min(len(source), n.span.End+around)
		for i := from; i <= n.span.Start; i++ {
			for j := to; j >= n.span.End; j-- {
				if j-i > len(n.text) {
					if english, ok := typography.Place(source[i:j]); ok && placeSaid(english, target) {
						return true
					}
				}
			}
		}
	}
	return false
}

// demonym reports endings of peoples' names, which English often says
// otherwise: les Néerlandais, the Dutch.
func demonym(name string) bool {
	f := fold(name)
	for _, end := range []string{"ais", "aise", "aises", "ois", "oise", "oises", "iens", "ien", "ienne", "iennes", "ains", "aine", "aines", "ains", "ites", "istes"} {
		if strings.HasSuffix(f, end) {
			return true
		}
	}
	return false
}
