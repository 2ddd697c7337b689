package quantity

import "strings"

// Spell writes a number from 1 to 999,999,999 in English words, "" for any other.
func Spell(n int) string {
	switch {
	case n >= 1e9:
		return ""
	case n >= 1e6:
		return strings.TrimSpace(Spell(n/1e6) + " million " + Spell(n%1e6))
	case n >= 1000:
		return strings.TrimSpace(Spell(n/1000) + " thousand " + Spell(n%1000))
	case n >= 100:
		return strings.TrimSpace(Spell(n/100) + " hundred " + Spell(n%100))
	case n >= 20 && n%10 > 0:
		return Spell(n-n%10) + "-" + Spell(n%10)
	case n >= 20:
		return spelledTens[n/10-2]
	case n > 0:
		return spelledUnits[n-1]
	}
	return ""
}

var (
	spelledUnits = strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	spelledTens  = strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
)
