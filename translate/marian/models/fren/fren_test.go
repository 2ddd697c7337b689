package fren

import (
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	m, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if d := m.Describe(); d.SourceWords != 16000 || !d.Shortlist || !d.Annotated {
		t.Errorf("%+v", d)
	}
	if size := Size() + len(Card); size > 48<<20 {
		t.Errorf("%d bytes are more than 48 MiB", size)
	}
	if !strings.Contains(Card, Name) {
		t.Errorf("MODEL_CARD.md does not name %s", Name)
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		m, err := Open()
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
