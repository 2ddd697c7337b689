package check

import (
	"strings"
	"testing"
)

// TestSpelt has French names with what English writes for them, and with
// other names and misspellings.
func TestSpelt(t *testing.T) {
	for _, c := range []struct {
		name, same, other string // words in English that are the name; that are not
	}{
		{"Poutine", "Putin", "Pudin Putan"},
		{"Gorbatchev", "Gorbachev", "Gorbaniev"},
		{"Chevtchenko", "Shevchenko", "Shevshenka"},
		{"Khrouchtchev", "Khrushchev", "Khrenschev"},
		{"Loukachenko", "Lukashenko", "Lukasenka"},
		{"Sergueï", "Sergei Sergey", "Serbei"},
		{"Dimitri", "Dimitry Dimitri", "Dimitra"},
		{"Iouri", "Yuri Yury Yuriy", "Ouri"},
		{"Tchaïkovski", "Tchaikovsky Chaikovsky", "Chaikonsky"},
		{"Tchétchénie", "Chechenia", "Chemnitz"},
		{"Nasrallah", "Nasrallah", "Nasralloh"},
		{"Haniyeh", "Haniyeh Haniya", "Hanoyeh"},
		{"Zelensky", "Zelenskyy Zelenski Zelenskiy", "Zelansky"},
		{"Mossoul", "Mosul", "Mosal"},
		{"Merkel", "Merkel", "Mercel Merkal"},
		{"Erdogan", "Erdogan", "Erdugan"},
		{"Piccolo", "Piccolo Picolo", "Picoolo"},
		{"Homère", "Homer", "Hamer"},
		{"Cameron", "Cameron", "Camiron"},
	} {
		for en := range strings.FieldsSeq(c.same) {
			if !spelt(fold(c.name), fold(en)) {
				t.Errorf("%s is %s in English", c.name, en)
			}
			if misspelt(c.name, en) {
				t.Errorf("%s is no misspelling of %s", en, c.name)
			}
		}
		for en := range strings.FieldsSeq(c.other) {
			if spelt(fold(c.name), fold(en)) {
				t.Errorf("%s is not %s", en, c.name)
			}
		}
	}
}
