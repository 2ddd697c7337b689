package typography

import (
	"regexp"
	"strings"

	"depeche/segment"
)

var (
	reMarker = regexp.MustCompile(`^(?:[•‣◦▪●■►➤·*–—-]|\d{1,2}(?:\.\d{1,2})?\s?[.)°/-]|\(?[a-zA-Z]\)|\(\d{1,2}\)|[IVX]{1,5}\s?[.)-])[\s\x{a0}\x{202f}]+`)
	reDash   = regexp.MustCompile(`^(?:[–—-]|>)[\s\x{a0}\x{202f}]+`)
	reNotice = regexp.MustCompile(`^(\W*)(` + alternatives(notices) + `)((?:\s+(?:URGENT|INFO|AFP|\d+))*)(?:[\s\x{a0}\x{202f}]*([:/!*)\]–—-]+)[\s\x{a0}\x{202f}]*|[\s\x{a0}\x{202f}]*$)`)
)

// notices are the words that open alerts and corrections.
var notices = []struct{ fr, en string }{
	{"URGENT", "URGENT"}, {"FLASH", "FLASH"}, {"ALERTE", "ALERT"}, {"BULLETIN", "BULLETIN"}, {"DERNIÈRE MINUTE", "BREAKING NEWS"}, {"PRIORITAIRE", "PRIORITY"},
	{"Urgent", "Urgent"}, {"Alerte", "Alert"}, {"Flash", "Flash"},
	{"RECTIFICATIF", "CORRECTION"}, {"RECTIFICATION", "CORRECTION"}, {"CORRECTIF", "CORRECTION"}, {"CORRECTION", "CORRECTION"}, {"ERRATUM", "ERRATUM"}, {"ERRATA", "ERRATA"},
	{"ANNULATION", "CANCELLATION"}, {"MISE AU POINT", "CLARIFICATION"}, {"ANNULE ET REMPLACE", "CANCELS AND REPLACES"}, {"RÉPÉTITION", "REPEAT"}, {"REPETITION", "REPEAT"},
	{"NOTE AUX RÉDACTIONS", "NOTE TO EDITORS"}, {"NOTE AUX REDACTIONS", "NOTE TO EDITORS"}, {"NOTE À LA RÉDACTION", "NOTE TO EDITORS"},
	{"Rectificatif", "Correction"}, {"Rectification", "Correction"}, {"Correctif", "Correction"}, {"Correction", "Correction"}, {"Erratum", "Erratum"}, {"Précision", "Clarification"},
}

func alternatives(list []struct{ fr, en string }) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = n.fr
	}
	return strings.Join(words, "|")
}

// Opening gives the length in bytes of what stands before the prose of a block
// of the kind, and its English form: a list marker, the dash of a dialogue, the
// word of an alert ("URGENT - "). No translator is asked for it: engines move
// dashes and lose capitals. It is 0 where there is none.
func Opening(kind segment.Kind, text string) (int, string) {
	switch kind {
	case segment.Item:
		n := len(reMarker.FindString(text))
		return n, text[:n]
	case segment.Paragraph, segment.Lead, segment.Quote, segment.Heading:
		n := len(reDash.FindString(text))
		return n, text[:n]
	case segment.Alert, segment.Correction, segment.Headline:
		m := reNotice.FindStringSubmatch(text)
		if m == nil {
			return 0, ""
		}
		out := m[1]
		for _, n := range notices {
			if n.fr == m[2] {
				out += n.en + m[3]
				break
			}
		}
		switch mark := m[4]; {
		case mark == "":
			return len(m[0]), out
		case strings.ContainsAny(mark[:1], ":!)]"):
			return len(m[0]), out + mark + " "
		default:
			return len(m[0]), out + " " + mark + " "
		}
	}
	return 0, ""
}
