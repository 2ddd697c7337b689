package backend

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
	"depeche/translate/marian"
)

// view is how the model is shown a text.
type view struct {
	item    string  // as it came
	open    *edited // with marks for its hidden parts
	hidden  []string
	edited  *edited  // what the model reads
	shouted bool     // all capitals
	quoted  bool     // a term has quotation marks of its own
	named   []string // names with the noun that English may have behind them
	lowered bool     // its first word was written small
	first   string   // the target of the term that the text begins with, if the model is shown it with a capital
}

// look shows the model a text as it has learned to read, with marks for parts whose
// English is known.
func (g guided) look(in marian.Input, known []part) (marian.Input, view) {
	v := view{item: in.Text}
	in.Terms = slices.Clone(in.Terms)
	v.open, v.hidden = hide(in.Text, in.Terms, known)
	v.edited = apart(v.open.text.String())
	for k, t := range in.Terms {
		in.Terms[k].Start, in.Terms[k].End = v.start(t.Start), v.end(t.End)
		if !strings.ContainsFunc(in.Text[:t.Start], unicode.IsLetter) && len(t.Targets) > 0 { // where the model has learned it with a capital
			if up := titled(t.Targets[0]); up != t.Targets[0] && len(up) == len(t.Targets[0]) {
				v.first = t.Targets[0]
				in.Terms[k].Targets = slices.Insert(slices.Clone(t.Targets), 0, up)
			}
		}
		v.quoted = v.quoted || slices.ContainsFunc(t.Targets, func(s string) bool { return strings.Contains(s, `"`) })
	}
	in.Text, v.shouted = g.whisper(v.edited.text.String())
	if v.shouted { // what was not copied is in capitals, too
		for k, h := range v.hidden {
			if !strings.Contains(v.item, h) {
				v.hidden[k] = strings.ToUpper(h)
			}
		}
	}
	v.named = named(in.Text, in.Terms)
	return in, v
}

// start and end are where a part of the item begins and ends in the text that the model reads.
func (v view) start(at int) int { return v.edited.there(v.open.there(at)) }
func (v view) end(at int) int   { return v.edited.ending(v.open.ending(at)) }

// place is where a part of the text that the model reads stands in the item.
func (v view) place(s segment.Span) segment.Span {
	back := func(at int) int { return v.open.back(v.edited.back(at)) }
	return segment.Span{Start: back(s.Start), End: back(s.End-1) + 1}
}

// marked reports whether a translation has every mark once.
func (v view) marked(english string) bool {
	for k := range v.hidden {
		if strings.Count(english, mark(k+1)) != 1 {
			return false
		}
	}
	return true
}

// named gives the names that follow a common noun in the source, both terms, with that
// noun behind them, as the model may turn them: the takfiri group ISIS, the ISIS takfiri
// group, but not ISIS takfiri group.
func named(text string, terms []marian.Term) (list []string) {
	for k, t := range terms[min(1, len(terms)):] {
		before := terms[k]
		if len(t.Targets) == 0 || len(before.Targets) == 0 || before.End > t.Start || text[before.End:t.Start] != " " {
			continue
		}
		noun, name := before.Targets[0], t.Targets[0]
		first, _ := utf8.DecodeRuneInString(noun)
		if second, _ := utf8.DecodeRuneInString(name); unicode.IsLower(first) && unicode.IsUpper(second) {
			list = append(list, name+" "+noun)
		}
	}
	return list
}

// articled gives a phrase an article where it has none.
func articled(o marian.Output, phrase string) marian.Output {
	i := strings.Index(o.Text, phrase)
	if i < 0 {
		return o
	}
	if after, n := utf8.DecodeRuneInString(o.Text[i+len(phrase):]); n > 0 && (unicode.IsLetter(after) || after == '-') {
		return o
	}
	switch before := strings.Fields(o.Text[:i]); {
	case len(before) == 0:
		return o
	case slices.Contains([]string{"the", "a", "an", "this", "that", "its", "their", "his", "our", "another"}, strings.ToLower(strings.Trim(before[len(before)-1], "\"'“‘("))):
		return o
	}
	e := &edited{}
	e.keep(o.Text, 0, i)
	e.text.WriteString("the ")
	e.keep(o.Text, i, len(o.Text))
	moved(&o, e)
	return o
}

// restore puts a translation in the form of the text that it was made of.
func (v view) restore(o marian.Output) marian.Output {
	o = place(o, v.edited, v.quoted)
	for _, name := range v.named {
		o = articled(o, name)
	}
	if v.first != "" {
		o.Text = lowered(o.Text, v.first)
	}
	if upper := strings.ToUpper(o.Text); v.shouted && len(upper) == len(o.Text) {
		o.Text = upper
	}
	o = bracketed(v.item, shown(o, v.open, v.hidden))
	if start := strings.IndexFunc(v.item, unicode.IsLetter); start >= 0 {
		if r, _ := utf8.DecodeRuneInString(v.item[start:]); unicode.IsUpper(r) {
			o.Text = raised(o.Text)
		}
	}
	return o
}

// small writes the first word of a text in small letters where the model has seen
// them far more often (Grève is two pieces, grève is one), unless it seems to be a
// name; and whether it did. The text keeps its length.
func (g guided) small(in marian.Input) (string, bool) {
	start := strings.IndexFunc(in.Text, unicode.IsLetter)
	if start < 0 {
		return in.Text, false
	}
	end := start + len(in.Text[start:]) - len(strings.TrimLeftFunc(in.Text[start:], unicode.IsLetter))
	word := in.Text[start:end]
	low := strings.ToLower(word)
	_, size := utf8.DecodeRuneInString(word)
	if len(low) != len(word) || word[:size] == low[:size] || word[size:] != low[size:] || g.Pieces(low) > 1 || g.Pieces(word) < 2 {
		return in.Text, false
	}
	next, _, _ := strings.Cut(strings.TrimLeftFunc(in.Text[end:], unicode.IsSpace), " ")
	if r, _ := utf8.DecodeRuneInString(next); unicode.IsUpper(r) || finite[strings.TrimRight(next, "'’")] || slices.ContainsFunc(in.Terms, func(t marian.Term) bool { return t.Start < end }) {
		return in.Text, false
	}
	return in.Text[:start] + low + in.Text[end:], true
}

// finite stand behind a name that begins a sentence, and not behind a noun without article.
var finite = func() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq("a ont est sont avait était va veut peut doit fait dit se s ne n") {
		m[w] = true
	}
	return m
}()

// raised gives a translation the capital that its source began with, unless it begins
// with something that has its own form: iPhone, www.afp.fr, @afp.
func raised(text string) string {
	at := strings.IndexFunc(text, unicode.IsLetter)
	if at < 0 || strings.Trim(text[:at], "\"'“‘( ") != "" {
		return text
	}
	word, _, _ := strings.Cut(text[at:], " ")
	if strings.ContainsFunc(word, unicode.IsUpper) || strings.Contains(strings.TrimRight(word, ".,:;!?"), ".") || strings.ContainsAny(word, "@/") {
		return text
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	if upper := string(unicode.ToUpper(r)); len(upper) == size {
		return text[:at] + upper + text[at+size:]
	}
	return text
}

// titles reports whether a name follows, of which a word before may be the title: President Biden.
func titles(tail string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(tail, " "))
	return strings.HasPrefix(tail, " ") && unicode.IsUpper(r)
}

// lowered takes the capital from a term that came to stand within a sentence.
func lowered(text, term string) string {
	up := titled(term)
	for at := 0; ; at += len(up) {
		i := strings.Index(text[at:], up)
		if i < 0 {
			return text
		}
		at += i
		if before, n := utf8.DecodeLastRuneInString(strings.TrimRight(text[:at], "\"'“‘( ")); n > 0 && !strings.ContainsRune(".!?:", before) && !unicode.IsLetter(rune(text[at-1])) && !titles(text[at+len(up):]) {
			text = text[:at] + term + text[at+len(up):]
		}
	}
}

func titled(low string) string {
	r, size := utf8.DecodeRuneInString(low)
	return string(unicode.ToUpper(r)) + low[size:]
}
