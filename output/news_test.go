package output

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// TestNinjs checks with ajv (2020 build, with ajv-formats) where it is
// installed that the schema holds, and always that the source is linked.
func TestNinjs(t *testing.T) {
	for _, b := range append(awkward(), lavrov(t)) {
		data := write(t, "ninjs", Options{Credit: `A. <Keller> "x"`}, b)
		var item struct {
			URI, Language string
			Associations  []struct{ URI, Name, Rel, Language string }
		}
		if err := json.Unmarshal(data, &item); err != nil {
			t.Fatal(err)
		}
		if len(item.Associations) != 1 || item.Associations[0].Rel != "derivedFrom" || item.Associations[0].URI == item.URI ||
			item.Associations[0].Language != b.Document.Lang.String() || item.Language != b.Lang.String() {
			t.Errorf("%s: the source is not linked: %+v", b.Document.Name, item)
		}
	}
	t.Run("schema", func(t *testing.T) {
		schema, geo := schemas(t, "ninjs/ninjs-schema_3.0.json"), schemas(t, "ninjs/GeoJSON-schema.json")
		ajv := program(t, "ajv")
		for _, b := range append(awkward(), lavrov(t)) {
			validate(t, "item.json", write(t, "ninjs", Options{}, b), ajv, "validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats", "-s", schema, "-r", geo, "-d")
		}
	})
}

// TestNewsML checks with xmllint that the schema holds, and always that each
// translation is linked to its source.
func TestNewsML(t *testing.T) {
	texts := append(awkward(), lavrov(t))
	data := write(t, "newsml-g2", Options{Credit: `A. <Keller> "x"`}, texts...)
	items := mustParse(t, string(data)).first(nsNAR, "itemSet").all(nsNAR, "newsItem")
	if len(items) != 2*len(texts) {
		t.Fatalf("%d items for %d documents", len(items), len(texts))
	}
	for i, b := range texts {
		source, target := items[2*i], items[2*i+1]
		link := target.first(nsNAR, "itemMeta").first(nsNAR, "link")
		if link == nil || link.attr("rel") != "irel:derivedFrom" || link.attr("residref") != source.attr("guid") || source.attr("guid") == target.attr("guid") {
			t.Errorf("%s: the source is not linked", b.Document.Name)
		}
		for _, r := range printRows(b, Options{Paragraph: true}) {
			if !strings.Contains(source.text(), clean(r.source())) || !strings.Contains(target.text(), clean(newsTarget(&r))) {
				t.Errorf("%s: lost %q", b.Document.Name, r.source())
			}
		}
	}
	if err := writeNewsML(io.Discard, []*translate.Bitext{texts[0], texts[0]}, Options{}); err == nil {
		t.Error("one document twice has one guid twice")
	}
	t.Run("schema", func(t *testing.T) {
		schema := schemas(t, "newsml-g2/NewsML-G2_2.35-spec-All-Power.xsd")
		xmllint := program(t, "xmllint")
		// The schema imports xml.xsd from its own folder.
		dir := t.TempDir()
		for from, to := range map[string]string{schema: "g2.xsd", schemas(t, "xml/xml.xsd"): "xml.xsd"} {
			if err := os.Symlink(from, filepath.Join(dir, to)); err != nil {
				t.Fatal(err)
			}
		}
		for _, o := range []Options{{Credit: "A. Keller"}, {Time: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), Title: "a <title>"}} {
			validate(t, "message.xml", write(t, "newsml-g2", o, texts...), xmllint, "--nonet", "--noout", "--schema", filepath.Join(dir, "g2.xsd"))
		}
	})
}
