package output

import (
	"strconv"
	"strings"

	"depeche/translate"
)

// findings are what a document for readers says of a pair.
func (o Options) findings(p *translate.Pair) []translate.Finding {
	if o.Unmarked {
		return nil
	}
	return p.Findings
}

// findingLabel is "Error", "Warning" or "Remark".
func findingLabel(f translate.Finding) string {
	noun := levelNoun[translate.Level(levelClass(f.Level))]
	return strings.ToUpper(noun[:1]) + noun[1:]
}

// findingText is what a finding says, with what it suggests.
func findingText(f translate.Finding) string {
	if f.Suggestion == "" {
		return f.Message
	}
	return f.Message + " → " + f.Suggestion
}

// findingEnd is where in the target the sign of a finding's note stands: after
// its place, or after the sentence where none is known.
func findingEnd(f translate.Finding, p *translate.Pair) int {
	if f.Target.Empty() {
		return len(p.Target)
	}
	return f.Target.End
}

var levelNoun = map[translate.Level]string{translate.LevelError: "error", translate.LevelWarning: "warning", translate.LevelInfo: "remark"}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func levelClass(l translate.Level) string {
	switch l {
	case translate.LevelError, translate.LevelWarning:
		return string(l)
	}
	return string(translate.LevelInfo)
}
