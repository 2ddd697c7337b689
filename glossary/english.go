package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words behind a name that show that it stands alone: "the ISIS" is wrong
// before them and right before a noun.
var notNouns = wordSet(`a about above across after again against all along already also although amid among an and any are around as at
be became because become becomes been before behind being below between beyond both but by can cannot claim claimed claims could
did do does during each either even ever except for from gained gains had has have having he her his how however if in inside into is it its itself
just known last left like lost made may might more most must near neither never no nor not now of off on once only onto or our out outside over
per perhaps rather said says seems seized seizes she should since so some still such than that the their them then there these they this those though
through throughout thus till to today together too took toward towards under unless until up upon used via was we were what when where whether which while
who whom whose why will with within without would yesterday yet you your
accused announced attacked began began called came carried continues controlled controls declared destroyed fell fights fled fought gave goes held hit holds
kept killed launched led lies lives lose loses met moved needs executes operates posted proclaimed published ran receives recruits released remains reported retreated
rules sent shot sold spread stands still struck suffers surrendered takes threatened threatens tried tries uses vowed wants withdrew won`)

// groups are nouns of which an adjective before them is no verb.
var groups = wordSet(`group groups militia militias movement movements network networks organisation organisations organization organizations`)

// headNouns stand behind a name that qualifies them: "the ISIS fighters".
var headNouns = wordSet(`advance affiliate affiliates airstrike airstrikes ambassador ambush ammunition area areas army arsenal assault attack attacks attacker attackers base bases branch
beheading bombing bombings budget bomber bombers briefing building campaign capital cell cells chief chiefs command commander commanders commission commitment compound conference convoy convoys council delegation
deputy detainees directive emir emissary enclave envoy expert experts extremists families fighter fighters flag force forces front general goal goals
gunmen gunman group groups headquarters hostage hostages ideology informant insurgency insurgents jihadist jihadists killers killing killings leader leaders leadership loyalists magazine media meeting
member members mercenaries militant militants militia militias mission missions missile missiles mouthpiece network networks observers offensive office offices official officials operation operations operative operatives
organisation organization outpost outposts peacekeeper peacekeepers plan plot policy position positions presence prisoner prisoners programme program propaganda propagandist ranks rebels recruit recruits
recruiter report representative resolution rocket rockets rule secretary secretariat security shelling sniper snipers source sources spokesman spokesperson spokeswoman state states stronghold strongholds strategy summit
suspect suspects sympathiser sympathizer sympathisers sympathizers target targets talks team territory terrorist terrorists threat training treaty troops unit units uprising vehicle vehicles video videos weapon weapons website widow widows wives`)

var prepositions = wordSet(`of to in at by with from for on against within under via between among before after toward towards through into about`)

var conjunctions = wordSet(`and or but where when while which that because if than as whether although since until whom`)

func wordSet(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// nounFollows reports whether token i on makes a noun phrase with the name
// before it. head says that the French term was no complement of a noun.
func (t *targetText) nounFollows(i int, head bool) bool {
	if i >= len(t.toks) || !t.toks[i].word() {
		return i+1 < len(t.toks) && t.toks[i].mark() == '-' && t.toks[i+1].word() // ISIS-held areas
	}
	w := t.folds[i]
	switch {
	case headNouns[w]:
		return true
	case !notNouns[w] && !strings.HasSuffix(w, "s") && i+1 < len(t.toks) && groups[t.folds[i+1]]: // the ISIS takfiri group
		return true
	case notNouns[w], strings.HasSuffix(w, "ed"), strings.HasSuffix(w, "ly"), strings.HasSuffix(w, "ing"), head:
		return false
	}
	return true
}

// edit replaces a part of a text.
type edit struct {
	start, end int
	text       string
}

// apply makes the edits, which must not overlap.
func apply(text string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.start < at {
			continue
		}
		b.WriteString(text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(text[at:])
	return b.String()
}

// articleEdit is the change that the article before an occurrence needs:
// names without article lose it unless a noun follows, "UN" gets it back
// behind a preposition or a conjunction. ok is false if nothing is to do.
func (t *targetText) articleEdit(o occurrence, m *Match) (e edit, ok bool) {
	before := o.first - 1
	for before >= 0 && t.toks[before].quote {
		before--
	}
	term := o.entry.term
	if t.indefinite(o) {
		end := int(t.toks[before].end)
		switch {
		case t.folds[before] == "an":
			return edit{end - 1, end, ""}, true
		case allCaps(t.text):
			return edit{end, end, "N"}, true
		}
		return edit{end, end, "n"}, true
	}
	if o.entry.bare {
		if before < 0 {
			return e, false
		}
		switch t.folds[before] {
		case "the", "an", "a":
		default:
			return e, false
		}
		cut := edit{int(t.toks[before].start), int(t.toks[before+1].start), ""}
		if r, n := utf8.DecodeRuneInString(t.text[cut.end:]); startsUpper(t.text[cut.start:]) && unicode.IsLower(r) { // The al-Qaeda
			cut.end, cut.text = cut.end+n, string(unicode.ToUpper(r))
		}
		head := m == nil || m.head
		after := o.last
		for before != o.first-1 && after < len(t.toks) && t.toks[after].quote {
			after++ // the “ISIS” fighters
		}
		if after+1 < len(t.toks) && t.toks[after].mark() == '\'' && t.folds[after+1] == "s" {
			after += 2 // the ISIS's
			if m != nil && m.head || after < len(t.toks) {
				return cut, true
			}
		}
		for after+1 < len(t.toks) && t.toks[after].mark() == '/' && t.toks[after+1].word() {
			after, head = after+2, false // the al-Qaeda/ISIS conflict
		}
		// what it belongs to stands before of, unless that is a noun for sure: the members of the ISIS confront
		head = head || before > 0 && t.folds[before-1] == "of"
		if t.nounFollows(after, head) {
			return e, false
		}
		return cut, true
	}
	if term.Article != ArticleThe || m == nil || o.form.text != term.Target && !slices.Contains(term.Forms, o.form.text) {
		return e, false // of other accepted forms nothing is known: "in Gaza" for "the Gaza Strip"
	}
	if before < 0 || before != o.first-1 || !prepositions[t.folds[before]] && !conjunctions[t.folds[before]] || t.nounFollows(o.last, false) ||
		o.last+1 < len(t.toks) && t.toks[o.last].mark() == '\'' {
		return e, false
	}
	return edit{o.span.Start, o.span.Start, "the "}, true
}

// indefinite reports whether the wrong indefinite article stands right before
// the occurrence: "a IED".
func (t *targetText) indefinite(o occurrence) bool {
	i := o.first - 1
	return i >= 0 && t.toks[o.first].space && (t.folds[i] == "an") != TakesAn(t.word(o.first)) && (t.folds[i] == "a" || t.folds[i] == "an")
}

// TakesAn reports whether the indefinite article before a word is "an": it is
// the sound that counts, and that of its letter in an acronym ("an NGO", "a
// NATO member", "a UN mission", "an hour").
func TakesAn(w string) bool {
	low := fold(w)
	begins := func(list ...string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(low, p) })
	}
	switch {
	case low == "":
		return false
	case allCaps(w) && !spoken(w):
		return strings.ContainsRune("aefhilmnorsx8", rune(low[0])) || begins("11", "18")
	case begins("hour", "honest", "honor", "honour", "heir", "8", "11-", "18-") || low == "11" || low == "18":
		return true
	case begins("unin", "unim", "unid", "onerous"):
		return true
	case begins("uni", "unan", "unesco", "use", "usa", "usu", "uti", "uto", "eu", "ewe", "one", "once", "ufo", "ukr", "ura", "ubi"):
		return false
	}
	return strings.ContainsRune("aeiou", rune(low[0]))
}

// mirrored finds a name twice in apposition in a target, "ISIS (ISIS)", and
// gives the edits that leave it once, where it stands more often than the
// source wants it.
func (t *targetText) mirrored(occs []occurrence, ms []Match) []edit {
	var edits []edit
	over := make(map[string]int)
	for i := range occs {
		over[occs[i].group()]++
	}
	for i := range ms {
		over[ms[i].group()]--
	}
	for i := 0; i+1 < len(occs); i++ {
		a := occs[i]
		for k := i + 1; k < len(occs); k++ {
			b := occs[k]
			if a.kind > loose || b.kind > loose || !sameGroup(a.entry, b.entry) || a.entry.term.Keep ||
				fold(a.span.Of(t.text)) != fold(b.span.Of(t.text)) {
				break
			}
			if p := a.entry.term.POS; p == "verb" || p == "adjective" {
				break
			}
			between := t.text[a.span.End:b.span.Start]
			after := t.text[b.span.End:]
			s, ok := mirror(between, after)
			if !ok || over[a.group()] <= 0 {
				break
			}
			over[a.group()]--
			edits = append(edits, edit{a.span.End, b.span.End + s.skip, s.put})
			i = k
			if s.put != "" || s.skip > 0 {
				break
			}
		}
	}
	return edits
}

func sameGroup(a, b *entry) bool {
	return a == b || a.group == b.group
}
