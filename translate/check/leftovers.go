package check

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"depeche/segment"
)

// links reports addresses, handles and hashtags that differ.
func links(t *text) {
	source, target := addresses(t.source), addresses(t.target)
	var lost, added []segment.Span
	for _, s := range source {
		if !strings.Contains(strings.ToLower(t.target), bareAddress(s.Of(t.source))) {
			lost = append(lost, s)
		}
	}
	for _, s := range target {
		if !strings.Contains(strings.ToLower(t.source), bareAddress(s.Of(t.target))) {
			added = append(added, s)
		}
	}
	for i := range max(len(lost), len(added)) {
		switch {
		case i >= len(added):
			t.report(lost[i], segment.Span{}, "", "%s is missing in the translation", lost[i].Of(t.source))
		case i >= len(lost):
			t.report(segment.Span{}, added[i], "", "%s is not in the source", added[i].Of(t.target))
		default:
			t.report(lost[i], added[i], lost[i].Of(t.source), "%s became %s", lost[i].Of(t.source), added[i].Of(t.target))
		}
	}
}

// bareAddress is an address in lower case without "https://" and "www.".
func bareAddress(s string) string {
	s = strings.ToLower(s)
	for _, prefix := range []string{"https://", "http://", "www."} {
		s = strings.TrimPrefix(s, prefix)
	}
	return s
}

var rePlaceholder = regexp.MustCompile(`⟦[^⟧]*⟧?|⟧|__\w+__|\{\{[^}]*\}\}|\{\d+\}|\$\{\w+\}|%(?:\d+\$)?[sd]\b|</?[a-zA-Z][^<>]{0,60}>|\[\[[^\]]*\]\]|\[(?:TERM|NAME|PERSON|UNK|MASK|PLACEHOLDER)[^\]]*\]|\bX{2,}[A-Z]*\d+X*\b|\bTERM_?\d+\b|\bPH_?\d+\b|&(?:[a-z]{2,6}|#\d+|#x[0-9a-f]+);|<unk>|⁇|▁|@@(?:\s|$)|\x{fffd}|[\x{e000}-\x{f8ff}]|Ã[©¨ª§´®¢]|â€[™œ“”]|Â[«»\x{a0}]|(?:^|\s)([*@#][\p{Ll}][\pL]+)`)

// placeholders reports what never stands in a finished text, unless the
// source has it: protected terms, tags, unknown-word marks, wrongly decoded
// letters.
func placeholders(t *text) {
	for _, m := range rePlaceholder.FindAllStringSubmatchIndex(t.target, -1) {
		at := segment.Span{Start: m[0], End: m[1]}
		if m[2] >= 0 {
			at = segment.Span{Start: m[2], End: m[3]}
		}
		if literal := at.Of(t.target); !strings.Contains(t.source, literal) {
			t.report(segment.Span{}, at, "", "“%s” was left over", strings.TrimSpace(literal))
		}
	}
}

var reCommentary = regexp.MustCompile("(?i)^\\W*(?:(?:sure|certainly|of course|okay|absolutely)[,!.:] (?:here|i)\\b|here(?:'s|’s| is| are) (?:the|your|my|a|an) (?:\\w+ )?(?:english )?(?:translat|version|text)|(?:english )?translat(?:ion|ed text)(?: \\([^)]*\\))?\\s?:|(?:french|english|original|source|target|output|answer|result)\\s?:\\s|the (?:english )?translation (?:is|of|reads)|translated (?:from|into|to) )|\\(?\\b(?:translator['’]s note|translation note|note:? (?:the|this|i|that) (?:translation|original|source|french|term|phrase|text|have)|as an? (?:ai|language) (?:language )?model|i(?: am|['’]m) (?:sorry,? (?:but )?i|unable to) (?:can|translate|assist)|i (?:can(?:not|['’]t)|am unable to|will not|won['’]t) (?:translate|provide a translation|assist|help)|i(?:['’]ve| have) (?:translated|kept|preserved|used)|i hope (?:this|that) helps|let me know if|(?:please )?feel free to|would you like me to|please provide the (?:text|source|french)|literal(?:ly)? translation|in (?:the )?original french|alternative(?:ly)?,? (?:translation|you could))|```|</?think>|\\*\\*(?:translation|note)")

// commentary reports what a language model says about its work.
func commentary(t *text) {
	m := reCommentary.FindStringIndex(t.target)
	if m == nil || reFrenchComment.MatchString(t.source) {
		return
	}
	t.report(segment.Span{}, segment.Span{Start: m[0], End: m[1]}, "", "“%s” does not belong to the translation", strings.TrimSpace(t.target[m[0]:m[1]]))
}

// reFrenchComment holds for sources that themselves speak of a translation.
var reFrenchComment = regexp.MustCompile("(?i)tradui|traduct|```|voici (?:la|le)|n['’]hésitez|faites-moi|note (?:du|de|:)|original|source\\s?:|résultat\\s?:|réponse\\s?:|français\\s?:|anglais\\s?:|je ne peux|je suis désolé|nous espérons|j['’]espère|modèle de langage")

// friend is an entry of the list of false friends.
type friend struct {
	french, wrong, right []string
}

//go:embed friends.tsv
var friendsFile string

var builtIn = func() []friend {
	list, err := parseFriends(strings.NewReader(friendsFile), "friends.tsv")
	if err != nil {
		panic(err) // the program's own file, held by a test
	}
	return list
}()

func readFriends(file string) ([]friend, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("false friends: %w", err)
	}
	defer f.Close()
	return parseFriends(f, file)
}

// parseFriends reads lines of three columns: French words, wrong English
// words, right ones; "/" between the words of a column, "*" for any ending,
// several words for a phrase, "#" before a remark.
func parseFriends(r io.Reader, name string) ([]friend, error) {
	var out []friend
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) < 2 || columns[0] == "" || columns[1] == "" {
			return nil, fmt.Errorf("%s:%d:1: want French, wrong English and right English words with tabs between", name, n)
		}
		f := friend{french: patterns(columns[0]), wrong: patterns(columns[1])}
		if len(columns) > 2 {
			f.right = patterns(columns[2])
		}
		out = append(out, f)
	}
	return out, lines.Err()
}

func patterns(column string) []string {
	list := strings.Split(column, "/")
	for i := range list {
		list[i] = fold(strings.TrimSpace(list[i]))
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// falseFriends reports a wrong word where the source has its look-alike and
// none of the right words stands in the target.
func falseFriends(t *text) {
	source, target := t.wordsOf(0), t.wordsOf(1)
	var fs, ft []string
	for _, w := range source {
		fs = append(fs, fold(elided(w.text)))
	}
	for _, w := range target {
		ft = append(ft, fold(w.text))
	}
	for _, list := range [][]friend{builtIn, t.config.friends} {
		for _, f := range list {
			i, n := find(fs, f.french)
			if i < 0 {
				continue
			}
			j, m := find(ft, f.wrong)
			if j < 0 {
				continue
			}
			if k, _ := find(ft, f.right); k >= 0 {
				continue
			}
			suggestion := ""
			if len(f.right) > 0 {
				suggestion = strings.TrimSuffix(f.right[0], "*")
			}
			t.report(segment.Span{Start: source[i].span.Start, End: source[i+n-1].span.End}, segment.Span{Start: target[j].span.Start, End: target[j+m-1].span.End},
				suggestion, "“%s” is a false friend of “%s”", t.target[target[j].span.Start:target[j+m-1].span.End], t.source[source[i].span.Start:source[i+n-1].span.End])
		}
	}
}

// find gives the place and number of words of the first pattern that stands
// in the words, -1 if none does.
func find(words []string, patterns []string) (at, n int) {
	for _, p := range patterns {
		parts := strings.Fields(p)
		for i := 0; i+len(parts) <= len(words); i++ {
			ok := true
			for k, part := range parts {
				w := words[i+k]
				if stem, any := strings.CutSuffix(part, "*"); any {
					ok = ok && strings.HasPrefix(w, stem)
				} else {
					ok = ok && (w == part || w == part+"s" && !strings.HasSuffix(part, "s"))
				}
			}
			if ok {
				return i, len(parts)
			}
		}
	}
	return -1, 0
}
