package output

import (
	"strings"
	"testing"
)

// TestUnmarked: what is published says nothing of findings, the working copy
// of the same document does.
func TestUnmarked(t *testing.T) {
	b := lavrov(t)
	for _, format := range []string{"html", "md"} {
		const message = "The source says 240,000"
		if s := string(write(t, format, Options{}, b)); !strings.Contains(s, message) {
			t.Errorf("%s: the finding is not in the document", format)
		}
		if s := string(write(t, format, Options{Unmarked: true}, b)); strings.Contains(s, message) || strings.Contains(s, "mark error") || strings.Contains(s, "1 error") {
			t.Errorf("%s: the finding is in the published document", format)
		}
	}
}
