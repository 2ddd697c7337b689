package typeset

import "strings"

// line makes a line of the items from start to end; those up to next are the
// spaces at which it ends.
func (p *paragraph) line(start, end, next int, first, last bool) Line {
	full := p.shape.Width
	if first {
		full += p.shape.Outdent
	}
	hyphen := end < len(p.items) && p.items[end].kind == place && p.items[end].hyphen
	broken := end < len(p.items) && p.items[end].kind == place && p.items[end].cost <= forced
	type run struct {
		fragment
		word    *word
		stretch float64
		hyphen  bool
		tail    bool
	}
	var runs []run
	joined := false // nothing stands between this box and the one before
	for i := start; i < next; i++ {
		it := &p.items[i]
		if it.kind == place {
			continue
		}
		f := p.fragments[it.piece]
		if joined && it.kind == box {
			l := &runs[len(runs)-1].fragment
			if l.span == f.span && l.level == f.level && l.to == f.from {
				l.to = f.to
				continue
			}
		}
		r := run{fragment: f, tail: i >= end}
		if it.kind == space && !r.tail {
			r.stretch = 1
		}
		runs = append(runs, r)
		joined = it.kind == box
	}
	// Spaces at the end are not stretched and not seen.
	for k := len(runs) - 1; k >= 0 && runs[k].blank; k-- {
		runs[k].stretch, runs[k].tail = 0, true
	}
	if hyphen {
		k := len(runs) - 1
		for k >= 0 && runs[k].tail {
			k--
		}
		if k >= 0 {
			h := run{fragment: runs[k].fragment, hyphen: true}
			if text := p.text[h.from:h.to]; strings.HasSuffix(text, "\u00ad") {
				runs[k].to -= len("\u00ad") // the hyphen stands for it
			}
			rest := append([]run{h}, runs[k+1:]...)
			if runs[k].to == runs[k].from {
				runs = runs[:k]
			} else {
				runs = runs[:k+1]
			}
			runs = append(runs, rest...)
		}
	}
	width, spaces := 0.0, 0.0
	for k := range runs {
		r := &runs[k]
		size := p.spans[r.span].Style.Size
		if r.hyphen {
			r.word = p.s.shape(p.spans[r.span].Style.Face, p.spans[r.span].Style.SmallCaps, false, "-")
		} else {
			r.word = p.shaped(r.fragment)
		}
		if r.tail {
			r.level = p.base
			continue
		}
		width += r.word.width * size / 1000
		if r.stretch > 0 {
			spaces += r.word.width * size / 1000
		}
	}
	extra := 0.0 // of each point of space
	if gap := full - width; p.shape.Justify && spaces > 0 && (gap < 0 || !last && !broken) {
		extra = gap / spaces
		if extra > loosestRatio*stretchOfSpace {
			extra = 0 // better short than torn apart
		}
		extra = max(extra, -0.5)
	}
	width += spaces * extra
	order := make([]int, len(runs))
	top := p.base
	for k := range runs {
		order[k] = k
		top = max(top, runs[k].level)
	}
	for level := top; level > 0; level-- {
		for k := 0; k < len(order); k++ {
			to := k
			for to < len(order) && runs[order[to]].level >= level {
				to++
			}
			for i, j := k, to-1; i < j; i, j = i+1, j-1 {
				order[i], order[j] = order[j], order[i]
			}
			k = max(k, to-1)
		}
	}
	l := Line{Width: width}
	x := 0.0
	if p.base%2 == 1 {
		x = full - width
		for _, r := range runs {
			if r.tail {
				x -= r.word.width * p.spans[r.span].Style.Size / 1000
			}
		}
	}
	for _, k := range order {
		r := &runs[k]
		glyphs := r.word.glyphs
		advance := r.word.width * p.spans[r.span].Style.Size / 1000
		if r.hyphen {
			glyphs = standingFor(glyphs, "\u00ad")
		}
		l.Parts = append(l.Parts, Part{X: x, Glyphs: glyphs, Span: r.span, Hyphen: r.hyphen})
		x += advance
		if r.stretch > 0 {
			x += advance * extra
		}
	}
	return l
}

// standingFor gives glyphs that stand for another text.
func standingFor(glyphs []Glyph, text string) []Glyph {
	out := append([]Glyph(nil), glyphs...)
	for i := range out {
		out[i].Text = ""
	}
	out[0].Text = text
	return out
}
