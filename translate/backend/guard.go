package backend

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"depeche/translate"
)

// The rules of the findings that Guard leaves on drafts.
const (
	RuleUntranslated = "answer-untranslated"
	RuleLoops        = "answer-loops"
)

// Guard finds answers that are none: too few or too many of them, empty ones,
// the source again, and texts that loop. It gives them a retryable error; the
// doubtful text stays in the Result, and Retry keeps it as a draft with an
// error finding when no further try brings a better one.
func Guard(b translate.Backend) translate.Backend { return guard{wrapped{b}} }

type guard struct{ wrapped }

func (g guard) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	results, err := g.Backend.Translate(ctx, req)
	if err == nil && len(results) != len(req.Items) {
		return nil, wrongCount(g.Info().Name, len(req.Items), len(results))
	}
	if len(results) != len(req.Items) {
		return results, err
	}
	from, _ := req.From.Base()
	to, _ := req.To.Base()
	for i := range results {
		r := &results[i]
		if r.Err != nil {
			continue
		}
		source := req.Items[i].Text
		switch {
		case strings.TrimSpace(r.Text) == "":
			if strings.TrimSpace(source) != "" {
				r.Text, r.Err = "", g.none("the answer is empty")
			}
		case from != to && echoes(source, r.Text):
			r.Err = &doubt{RuleUntranslated, g.none("the answer is the source again")}
		case loops(r.Text) && !loops(source):
			r.Err = &doubt{RuleLoops, g.none("the answer repeats itself")}
		}
	}
	return results, err
}

func (g guard) none(message string) *translate.Error {
	return &translate.Error{Backend: g.Info().Name, Cause: translate.CauseAnswer, Message: message,
		Remedy: "translate this segment by hand, or with another backend"}
}

// doubt is the error of an answer that came but is doubtful.
type doubt struct {
	rule string
	err  *translate.Error
}

func (d *doubt) Error() string { return d.err.Error() }
func (d *doubt) Unwrap() error { return d.err }

// settle makes a draft of a doubtful answer that no further try has bettered.
func settle(r *translate.Result) {
	var d *doubt
	if r.Text == "" || !errors.As(r.Err, &d) {
		return
	}
	r.Err = nil
	r.Findings = append(r.Findings, translate.Finding{Rule: d.rule, Level: translate.LevelError, Message: d.Error()})
}

// doubted reports whether a result is such a draft.
func doubted(r translate.Result) bool {
	for _, f := range r.Findings {
		if f.Rule == RuleUntranslated || f.Rule == RuleLoops || f.Rule == RuleCommentary {
			return true
		}
	}
	return false
}

// echoes reports whether an answer is the source again. A text of names
// ("Vladimir Poutine, Barack Obama") may well stay as it is: only one with
// four words, three of them in small letters and of three letters or more, is
// called an echo.
func echoes(source, answer string) bool {
	words, small := 0, 0
	for w := range strings.FieldsFuncSeq(source, noLetter) {
		words++
		if r := []rune(w); unicode.IsLower(r[0]) && len(r) >= 3 {
			small++
		}
	}
	return words >= 4 && small >= 3 && letters(source) == letters(answer) || echoesWithTerms(source, answer)
}

// echoesWithTerms reports whether an answer is the source again in which a
// service has put the terms of a glossary: four fifths of six small words or
// more are back, and nothing stands before or behind what the source has.
func echoesWithTerms(source, answer string) bool {
	theirs, ours := strings.FieldsFunc(answer, noLetter), strings.FieldsFunc(source, noLetter)
	if len(ours) == 0 || len(theirs) == 0 {
		return false
	}
	count := make(map[string]int)
	for _, w := range theirs {
		count[w]++
	}
	first, last := ours[0], ours[len(ours)-1]
	if first != theirs[0] && count[first] > 0 || last != theirs[len(theirs)-1] && count[last] > 0 {
		return false
	}
	small, back := 0, 0
	for _, w := range ours {
		if r := []rune(w); unicode.IsLower(r[0]) && len(r) >= 3 {
			small++
			if count[w] > 0 {
				count[w]--
				back++
			}
		}
	}
	return small >= 6 && 5*back >= 4*small
}

func noLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// letters are the letters and digits of a text, in small letters.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// loops reports whether a text says the same over and over: a phrase of one
// to twelve words four times in a row (a single word six times), or one of up
// to eight characters without spaces twelve times.
func loops(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for n := 1; n <= 12 && n*4 <= len(words); n++ {
		need := 4
		if n == 1 {
			need = 6
		}
		if repeats(words, n) >= need {
			return true
		}
	}
	for _, w := range words {
		runes := []rune(w)
		if len(runes) < 24 {
			continue
		}
		for n := 1; n <= 8; n++ {
			if unicode.IsLetter(runes[0]) && repeats(runes, n) >= 12 {
				return true
			}
		}
	}
	return false
}

// repeats is how often a run of n elements stands in a row, at most.
func repeats[T comparable](list []T, n int) int {
	most, same := 1, 0
	for i := n; i < len(list); i++ {
		if list[i] == list[i-n] {
			same++
			most = max(most, same/n+1)
		} else {
			same = 0
		}
	}
	return most
}
