package dispatch

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"depeche/segment"
)

const (
	month    = `(?i:janvier|janv\.?|février|fevrier|févr?\.?|fev\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|août|aout|septembre|sept?\.?|octobre|oct\.?|novembre|nov\.?|décembre|decembre|déc\.?|dec\.?|january|february|march|april|may|june|july|august|september|october|november|december)`
	weekday  = `(?i:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun\.|mar\.|mer\.|jeu\.|ven\.|sam\.|dim\.)`
	monthDay = `(?:\d{1,2}(?:er|ER)?\s+` + month + `(?:\s+\d{4})?|` + month + `\s+\d{1,2}(?:,?\s+\d{4})?)`
	anyDate  = `(?:` + monthDay + `|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})`
	clock    = `(?:\d{1,2}\s?[:hH]\s?\d{2}(?::\d{2}(?:[.,]\d+)?)?|\d{1,2}\s?[hH]\b)`
	zone     = `(?:(?i:am|pm|gmt|utc|cest|cet|z|heures?)|[+-]\d{2}:?\d{2}|\((?:[^)]{1,30})\)|(?i:heure\s+(?:de|locale|française)(?:\s+\p{L}+)?)|\p{Lu}\p{Ll}+\s+(?i:time|timing)|(?i:time|timing))`
	preface  = `(?:(?i:publié|publiée|posté|mis|mise|à|a|jour|modifié|modifiée|actualisé|diffusé|le|la|date|du|dernière|paru|créé|et|-|–|—|\||:|,|/|;|\.))`
)

var (
	dateText = regexp.MustCompile(`^(?:` + preface + `\s*)*(?:` + weekday + `[,.]?\s*)?` + anyDate + `(?:[\sT,|–—:;/-]|\b(?:à|a|at)\b|` + clock + `|` + zone + `|` + anyDate + `|` + preface + `)*$`)
	placeThe = regexp.MustCompile(`^(\p{Lu}[\p{L}' ’-]{1,40}?),?\s+(?:(?i:le)\s+)?(?:` + weekday + `\s+)?(?:` + anyDate + `)\.?(?:[\s,–—-]+` + clock + `)?$`)
	wireDate = regexp.MustCompile(`^\p{Lu}{2,8}\s+\d{6}(?:Z|GMT)?\s+` + month + `\s+\d{2,4}$`)
)

// dateLine says whether text is a date, with a time and a place or without,
// and nothing else.
func dateLine(text string) bool {
	return len(text) <= 120 && hasDigit(text) && (dateText.MatchString(text) || placeThe.MatchString(text) || wireDate.MatchString(text))
}

// placeOfDate gives the place of "Paris, le 3 mai 2024"; "" for other dates.
func placeOfDate(text string) string {
	if dateText.MatchString(text) {
		return ""
	}
	if m := placeThe.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// dateline is the place, the date and the agency that a dispatch begins with.
type dateline struct {
	span                segment.Span // with its dash
	place, date, agency string
	weak                bool // a place and a dash alone, as headlines have them too
}

const (
	capitals = `\p{Lu}[\p{Lu}\p{Lm}'’.-]+(?:[ -](?:\p{Lu}[\p{Lu}'’.-]*|sur|de|du|des|en|le|la|les|l[eè]s|et))*`
	mixed    = `\p{Lu}[\p{L}'’.-]+(?:[ -](?:\p{Lu}[\p{L}'’.-]*|sur|de|du|des|en|le|la|les|l[eè]s|et|aux?))*`
	country  = `(?:\s?\((?:[^()]{2,40})\))?`
	region   = `\p{Lu}[\p{L}'’ -]{1,40}` // what stands behind a city: another city, its country
	source   = `(?:\(([^()]{2,40})\)|/([^/]{2,40})/|\[([^\]]{2,40})\])`
	dash     = `\s?(?:--?|–|—|:)(?:\s|$)`
	when     = `(?:(?:le\s+)?(?:` + weekday + `\s+)?` + anyDate + `)`
)

var (
	// PARIS, 3 mai 2024 (AFP) - / PARIS (Reuters) - / Paris, 3 mai (AFP) –
	sourced = regexp.MustCompile(`^(?:((?:` + capitals + `|` + mixed + `)` + country + `(?:[/,] ?` + region + `)*?)\s*,?\s*(` + when + `)?\s*[,–—-]?\s*)?` + source + `(?:` + dash + `|\s+)`)
	// PARIS, 3 mai 2024 -
	dated = regexp.MustCompile(`^((?:` + capitals + `|` + mixed + `)` + country + `(?:[/,] ?` + region + `)*?),\s*(` + when + `)\s*\.?` + dash)
	// PARIS -
	placed = regexp.MustCompile(`^(` + capitals + country + `(?:[/,] ?` + capitals + `)*)\.?(?:` + dash + `)`)
	// Paris –
	dashedPlace = regexp.MustCompile(`^(` + mixed + country + `)\.?\s(?:–|—|-)\s`)
)

// parseDateline finds the dateline at the start of a paragraph.
func parseDateline(text string) dateline {
	const most = 160
	head := text
	if len(head) > most {
		head = head[:most]
		for !utf8.ValidString(head) {
			head = head[:len(head)-1]
		}
	}
	if !strings.ContainsAny(head, "-–—:)]/") {
		return dateline{}
	}
	if m := sourced.FindStringSubmatchIndex(head); m != nil {
		d := dateline{span: segment.Span{End: m[1]}, place: group(head, m, 1), date: group(head, m, 2)}
		for g := 3; g <= 5; g++ {
			if s := group(head, m, g); s != "" {
				d.agency = agency(s)
			}
		}
		dashes := strings.TrimSpace(head[:m[1]])
		closed := strings.HasSuffix(dashes, ")") || strings.HasSuffix(dashes, "]") || strings.HasSuffix(dashes, "/")
		if d.agency != "" && (!closed || d.place == "" || d.date != "") {
			return d.trimmed(text)
		}
	}
	if m := dated.FindStringSubmatchIndex(head); m != nil {
		return dateline{span: segment.Span{End: m[1]}, place: group(head, m, 1), date: group(head, m, 2)}.trimmed(text)
	}
	if m := placed.FindStringSubmatchIndex(head); m != nil && group(head, m, 1) != "" && utf8.RuneCountInString(group(head, m, 1)) > 3 && !strings.Contains(head[:m[1]], ":") {
		return dateline{span: segment.Span{End: m[1]}, place: group(head, m, 1), weak: true}.trimmed(text)
	}
	if m := dashedPlace.FindStringSubmatchIndex(head); m != nil && len(text) > 120 && len(strings.Fields(group(head, m, 1))) <= 2 && strings.ContainsAny(head[:m[1]], "–—") {
		return dateline{span: segment.Span{End: m[1]}, place: group(head, m, 1), weak: true}.trimmed(text)
	}
	return dateline{}
}

// datelineAlone says whether text is a dateline that names its agency or its
// date, and nothing else: "GAZA, Territoires palestiniens, 3 nov 2023 (AFP) -".
func datelineAlone(text string) bool {
	if len(text) > 160 || !strings.ContainsAny(text[len(text)-1:]+" ", "-)]/:") && !strings.HasSuffix(text, "–") && !strings.HasSuffix(text, "—") {
		return false
	}
	d := parseDateline(text + " x") // a dateline is one only before a text
	return d.span.End == len(text) && (d.agency != "" || d.date != "") && (d.place != "" || d.date != "")
}

// trimmed takes the white space off the end of the span, and drops a dateline
// that is all of the text.
func (d dateline) trimmed(text string) dateline {
	d.span.End = len(strings.TrimSpace(text[:d.span.End]))
	if strings.TrimSpace(text[d.span.End:]) == "" {
		return dateline{}
	}
	d.place = strings.Trim(d.place, " ,")
	return d
}

func group(s string, m []int, g int) string {
	if m[2*g] < 0 {
		return ""
	}
	return s[m[2*g]:m[2*g+1]]
}
