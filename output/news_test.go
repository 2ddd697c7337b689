package output

import (
	"encoding/json"
	"testing"
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
