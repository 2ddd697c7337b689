package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"depeche/translate"
	"depeche/translate/backend"
)

// The ways in which a document's run ends.
const (
	statusTranslated = "translated"
	statusUnchanged  = "unchanged" // an earlier run did it
	statusPartial    = "partial"   // the backend failed on the way
	statusFailed     = "failed"
	statusStopped    = "stopped" // by the user, or by a failure that ends the run
)

// report is what a run did, as --report writes it.
type report struct {
	Tool      string             `json:"tool"`
	Backend   string             `json:"backend"`
	Model     string             `json:"model,omitempty"`
	Documents []reported         `json:"documents"`
	Total     totals             `json:"total"`
	Spent     []backend.Spending `json:"spent,omitempty"`
	Error     string             `json:"error,omitempty"`
}

// reported is what became of one input.
type reported struct {
	Input   string   `json:"input"`
	Status  string   `json:"status"`
	Outputs []string `json:"outputs,omitempty"`
	totals
	Lost  []lostEdit `json:"lost_edits,omitempty"`
	Error string     `json:"error,omitempty"`

	unreadable bool // trying again will not help
}

// totals count segments, and characters of source text.
type totals struct {
	Segments   int     `json:"segments"`
	Characters int     `json:"characters"`
	Machine    int     `json:"machine"` // translated by a backend, now or earlier
	Memory     int     `json:"memory"`  // from an editor's or a fuzzy entry
	Human      int     `json:"human"`   // edited, and kept
	Missing    int     `json:"missing"` // without a target
	Errors     int     `json:"errors"`  // segments with an error finding
	Warnings   int     `json:"warnings"`
	By         answers `json:"by,omitempty"`
}

// answers are how many of the machine's segments each backend of a chain
// answered. There are a few names, and thousands of documents have such a list.
type answers []answered

type answered struct {
	backend string
	n       int
}

func (a *answers) add(backend string, n int) {
	i, found := slices.BinarySearchFunc(*a, backend, func(x answered, name string) int { return strings.Compare(x.backend, name) })
	if !found {
		*a = slices.Insert(*a, i, answered{backend: backend})
	}
	(*a)[i].n += n
}

// MarshalJSON writes an object with the backends' names as keys.
func (a answers) MarshalJSON() ([]byte, error) {
	m := make(map[string]int, len(a))
	for _, x := range a {
		m[x.backend] = x.n
	}
	return json.Marshal(m)
}

// lostEdit is an editor's translation whose segment left the document.
type lostEdit struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

func lostEdits(pairs []translate.Pair) []lostEdit {
	var list []lostEdit
	for _, p := range pairs {
		list = append(list, lostEdit{p.Source.Text, p.Target})
	}
	return list
}

func (d *reported) fail(err error) {
	if d.Status != statusPartial {
		d.Status = statusFailed
	}
	if d.Error != "" {
		d.Error += "; "
	}
	d.Error += err.Error()
}

func (d *reported) count(b *translate.Bitext) {
	for i := range b.Pairs {
		p := &b.Pairs[i]
		d.Segments++
		d.Characters += utf8.RuneCountInString(p.Source.Text)
		switch p.Origin.Kind {
		case translate.Machine:
			d.Machine++
			d.By.add(p.Origin.Backend, 1)
		case translate.Memory:
			d.Memory++
		case translate.Human:
			d.Human++
		}
		if p.Target == "" && p.Source.Text != "" {
			d.Missing++
		}
		switch translate.Worst(p.Findings) {
		case translate.LevelError:
			d.Errors++
		case translate.LevelWarning:
			d.Warnings++
		}
	}
}

func (t *totals) add(o totals) {
	t.Segments += o.Segments
	t.Characters += o.Characters
	t.Machine += o.Machine
	t.Memory += o.Memory
	t.Human += o.Human
	t.Missing += o.Missing
	t.Errors += o.Errors
	t.Warnings += o.Warnings
	for _, x := range o.By {
		t.By.add(x.backend, x.n)
	}
}

// sources says where the targets come from: "9 by deepl, 2 by apertium, 1 from
// the memory".
func (t *totals) sources() string {
	var list []string
	for _, x := range t.By {
		list = append(list, fmt.Sprintf("%d by %s", x.n, x.backend))
	}
	if t.Memory > 0 {
		list = append(list, fmt.Sprintf("%d from the memory", t.Memory))
	}
	if t.Human > 0 {
		list = append(list, fmt.Sprintf("%d edited", t.Human))
	}
	if n := t.Segments - t.Machine - t.Memory - t.Human - t.Missing; n > 0 {
		list = append(list, fmt.Sprintf("%d by rule", n)) // dates, signatures
	}
	if t.Missing > 0 {
		list = append(list, fmt.Sprintf("%d missing", t.Missing))
	}
	return strings.Join(list, ", ")
}

// finish writes the report, says what an editor should know, and decides the
// exit code. end is what ended the run early, or nil.
func (r *runner) finish(end error) error {
	rep := &r.report
	info := r.pipeline.Backend.Info()
	rep.Tool, rep.Backend, rep.Model, rep.Spent = r.pipeline.Tool, info.Name, info.Model, backend.Spent(r.pipeline.Backend)
	if end != nil {
		rep.Error = end.Error()
	}
	done, unchanged, failed := 0, 0, 0
	for i := range rep.Documents {
		d := &rep.Documents[i]
		rep.Total.add(d.totals)
		switch d.Status {
		case statusUnchanged:
			unchanged++
		case statusTranslated:
			done++
		case statusFailed, statusPartial:
			failed++
			if end == nil || d.Error != end.Error() {
				fmt.Fprintf(r.c.App.ErrWriter, "depeche: %s\n", d.Error)
			}
		case "":
			d.Input, d.Status = r.inputs[i].path, statusStopped
		}
		for _, l := range d.Lost {
			fmt.Fprintf(r.c.App.ErrWriter, "depeche: %s: an edited translation has no place any more: %q, for %q\n", d.Input, l.Target, l.Source)
		}
	}
	if name := r.c.String("report"); name != "" {
		err := writeFile(name, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(rep)
		})
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	if end != nil {
		return nil // it says it all
	}
	if failed == len(rep.Documents) {
		return &exitError{exitFailed, nil} // each has said why
	}
	r.summary(done, unchanged)
	t := rep.Total
	switch {
	case failed > 0:
		return &exitError{exitFailed, fmt.Errorf("%s of %d failed; the others are done", count(failed, "document"), len(rep.Documents))}
	case t.Missing > 0:
		return &exitError{exitIncomplete, fmt.Errorf("%s without a translation", count(t.Missing, "segment"))}
	case t.Errors > 0 && r.c.Bool("strict"):
		return &exitError{exitIncomplete, fmt.Errorf("%s with an error finding (--strict)", count(t.Errors, "segment"))}
	}
	return nil
}

// mostListed is of how many documents the outputs are listed at the end.
const mostListed = 10

func (r *runner) summary(done, unchanged int) {
	rep := &r.report
	t := rep.Total
	line := count(done, "document") + " translated"
	switch {
	case unchanged > 0 && done == 0:
		line = count(unchanged, "document") + " unchanged"
	case unchanged > 0:
		line += fmt.Sprintf(", %d unchanged", unchanged)
	}
	line += ", " + count(t.Segments, "segment")
	if from := t.sources(); from != "" {
		line += ": " + from
	}
	line += "; " + findings(t.Errors, t.Warnings)
	for _, s := range rep.Spent {
		if s.Cost > 0 {
			line += fmt.Sprintf("; %s cost %.2f %s", s.Backend, s.Cost, s.Currency)
		}
	}
	say(r.c, "%s", line)
	if len(rep.Documents) > mostListed {
		return
	}
	for _, d := range rep.Documents {
		for _, o := range d.Outputs {
			say(r.c, "  %s", o)
		}
	}
}

// findings says how many segments have an error, and how many others a warning.
func findings(errs, warnings int) string {
	switch {
	case errs == 0 && warnings == 0:
		return "no findings"
	case warnings == 0:
		return count(errs, "segment") + " with errors"
	case errs == 0:
		return count(warnings, "segment") + " with warnings"
	}
	return fmt.Sprintf("%s with errors, %d with warnings", count(errs, "segment"), warnings)
}

func count(n int, what string) string {
	if n != 1 && what == "entry" {
		return fmt.Sprintf("%d entries", n)
	}
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
