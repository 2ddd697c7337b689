package pdf

import (
	"bytes"
	"fmt"
	"sort"
)

// Element is an element of the structure tree.
type Element struct {
	kind   string
	attr   Attr
	ref    ref
	parent *Element
	kids   []kid
}

// kid is an element or a marked part of a page.
type kid struct {
	element *Element
	page    *Page
	mcid    int
}

// Attr are an element's attributes.
type Attr struct {
	Lang  string // where it differs from the parent's
	ID    string // a note has one
	Scope string // of a TH: Column or Row
}

// Root is the element that holds all others.
func (d *Document) Root() *Element { return d.root }

// Element adds an element of a standard type at the end of its parent.
func (d *Document) Element(parent *Element, kind string, a Attr) *Element {
	e := &Element{kind: kind, attr: a, ref: d.reserve(), parent: parent}
	parent.kids = append(parent.kids, kid{element: e})
	if a.ID != "" {
		d.ids = append(d.ids, e)
	}
	return e
}

// structure writes the tree and gives its root.
func (d *Document) structure() ref {
	root := d.reserve()
	d.element(d.root, root)
	var nums bytes.Buffer
	for i, p := range d.pages {
		var refs bytes.Buffer
		for _, e := range p.marks {
			fmt.Fprintf(&refs, "%s ", e.ref)
		}
		fmt.Fprintf(&nums, "%d %s ", i, d.add("[%s]", refs.Bytes()))
	}
	ids := ""
	if len(d.ids) > 0 {
		sort.Slice(d.ids, func(i, j int) bool { return d.ids[i].attr.ID < d.ids[j].attr.ID })
		var names bytes.Buffer
		for _, e := range d.ids {
			fmt.Fprintf(&names, "%s %s ", text(e.attr.ID), e.ref)
		}
		ids = fmt.Sprintf(" /IDTree << /Names [%s] >>", names.Bytes())
	}
	d.set(root, "<< /Type /StructTreeRoot /K %s /ParentTree << /Nums [%s] >> /ParentTreeNextKey %d%s >>", d.root.ref, nums.Bytes(), len(d.pages), ids)
	return root
}

func (d *Document) element(e *Element, parent ref) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<< /S /%s /P %s", e.kind, parent)
	b.WriteString(optional("/Lang", e.attr.Lang) + optional("/ID", e.attr.ID))
	if e.attr.Scope != "" {
		fmt.Fprintf(&b, " /A << /O /Table /Scope /%s >>", e.attr.Scope)
	}
	var page *Page
	for _, k := range e.kids {
		if page == nil && k.page != nil {
			page = k.page
			fmt.Fprintf(&b, " /Pg %s", page.ref)
		}
	}
	b.WriteString(" /K [")
	for i, k := range e.kids {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case k.element != nil:
			b.WriteString(k.element.ref.String())
		case k.page == page:
			fmt.Fprintf(&b, "%d", k.mcid)
		default:
			fmt.Fprintf(&b, "<< /Type /MCR /Pg %s /MCID %d >>", k.page.ref, k.mcid)
		}
	}
	b.WriteString("] >>")
	d.objects[e.ref-1].body = b.Bytes()
	for _, k := range e.kids {
		if k.element != nil {
			d.element(k.element, e.ref)
		}
	}
}

type bookmark struct {
	level int
	title string
	page  *Page
	y     float64
	e     *Element
}

// Bookmark adds a line to the outline. Levels begin at 1; one that skips a
// level goes under the last line there is.
func (d *Document) Bookmark(level int, title string, p *Page, y float64, e *Element) {
	d.bookmarks = append(d.bookmarks, bookmark{level, title, p, y, e})
}

// outlines writes the outline, 0 if it has no lines.
func (d *Document) outlines() ref {
	n := len(d.bookmarks)
	if n == 0 {
		return 0
	}
	root := d.reserve()
	refs := make([]ref, n)
	parent := make([]int, n) // -1 is the root
	kids := make(map[int][]int)
	var open []int // the last line of each level
	for i, b := range d.bookmarks {
		refs[i] = d.reserve()
		for len(open) > 0 && d.bookmarks[open[len(open)-1]].level >= b.level {
			open = open[:len(open)-1]
		}
		parent[i] = -1
		if len(open) > 0 {
			parent[i] = open[len(open)-1]
		}
		kids[parent[i]] = append(kids[parent[i]], i)
		open = append(open, i)
	}
	var count func(i int) int
	count = func(i int) int {
		total := len(kids[i])
		for _, k := range kids[i] {
			total += count(k)
		}
		return total
	}
	for i, b := range d.bookmarks {
		up := root
		if parent[i] >= 0 {
			up = refs[parent[i]]
		}
		more := ""
		siblings := kids[parent[i]]
		k := sort.SearchInts(siblings, i)
		if k > 0 {
			more += fmt.Sprintf(" /Prev %s", refs[siblings[k-1]])
		}
		if k < len(siblings)-1 {
			more += fmt.Sprintf(" /Next %s", refs[siblings[k+1]])
		}
		if below := kids[i]; len(below) > 0 {
			more += fmt.Sprintf(" /First %s /Last %s /Count %d", refs[below[0]], refs[below[len(below)-1]], count(i))
		}
		if b.e != nil {
			more += fmt.Sprintf(" /SE %s", b.e.ref)
		}
		d.set(refs[i], "<< /Title %s /Parent %s /Dest [%s /XYZ null %s null]%s >>", text(b.title), up, b.page.ref, number(b.y), more)
	}
	top := kids[-1]
	d.set(root, "<< /Type /Outlines /First %s /Last %s /Count %d >>", refs[top[0]], refs[top[len(top)-1]], count(-1))
	return root
}
