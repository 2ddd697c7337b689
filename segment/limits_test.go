package segment_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"depeche/segment"
)

// TestQuotesMax counts characters, marks included: 500 stay together, 501 do
// not, whatever their bytes and the marks.
func TestQuotesMax(t *testing.T) {
	for _, marks := range []string{"«»", "“”", "‹›", `""`} {
		for _, size := range []int{499, 500, 501, 1200} {
			open, _ := utf8.DecodeRuneInString(marks)
			closing, _ := utf8.DecodeLastRuneInString(marks)
			inner := strings.Repeat("Été où l'on rêvait. ", 1+size/20)
			quotation := string(open) + string([]rune(inner)[:size-6]) + "fin." + string(closing)
			if n := utf8.RuneCountInString(quotation); n != size {
				t.Fatalf("the quotation has %d characters, want %d", n, size)
			}
			segments := new(segment.Splitter).Split("Il a dit : " + quotation + ", a-t-il dit. Puis il est parti.")
			whole := strings.HasPrefix(segments[0].Text, "Il a dit : "+quotation+", a-t-il dit.")
			if want := size <= 500; whole != want {
				t.Errorf("%s %d characters: kept whole is %t", marks, size, whole)
			}
			if last := segments[len(segments)-1].Text; last != "Puis il est parti." {
				t.Errorf("%s %d characters: the last segment is %q", marks, size, last)
			}
			attributed := segments[len(segments)-2].Text
			if !strings.HasSuffix(attributed, "fin."+string(closing)+", a-t-il dit.") {
				t.Errorf("%s %d characters: the attribution is parted: %q", marks, size, attributed)
			}
		}
	}
}

// TestInsideQuotes cuts at every sentence end of a quotation, but neither
// before its closing mark nor before its attribution.
func TestInsideQuotes(t *testing.T) {
	s := segment.Splitter{InsideQuotes: true}
	var got []string
	for _, seg := range s.Split("« Nous irons. Nous vaincrons. » a-t-il promis. « Oui », dit-elle.") {
		got = append(got, seg.Text)
	}
	want := []string{"« Nous irons.", "Nous vaincrons. » a-t-il promis.", "« Oui », dit-elle."}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestReadAbbreviations extends the list, and says where a line is wrong.
func TestReadAbbreviations(t *testing.T) {
	const text = "Le subst. Dupont part. Il a vu le tjrs. Martin."
	plain := len(new(segment.Splitter).Split(text))
	a, err := segment.ReadAbbreviations("my.txt", strings.NewReader("\ufeff# mine\r\ntjrs. name # always\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if more := len((&segment.Splitter{Abbreviations: a}).Split(text)); plain != 3 || more != 2 {
		t.Errorf("%d segments without the entry, %d with it", plain, more)
	}
	for in, want := range map[string]string{
		"tjrs.\ntjrs":                 `my.txt:2:1: "tjrs" ends in no full stop`,
		"  tjrs. nom":                 `my.txt:1:9: "nom" is none of: name, number, open, end`,
		"p. ex. x. y. z. never":       `my.txt:1:17: "never" is none of: name, number, open, end`,
		"\xff.":                       `my.txt:1:1: the line is not UTF-8`,
		strings.Repeat("a", 40) + ".": `my.txt:1:1: "` + strings.Repeat("a", 40) + `." is longer than 32 bytes`,
	} {
		if _, err := segment.ReadAbbreviations("my.txt", strings.NewReader(in)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}
