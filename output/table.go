package output

// Formats is the table of all formats, in the order that `depeche formats`
// prints them. A new format is one file and one line here.
var Formats = []Format{
	{Name: "html", Exts: []string{".html", ".htm"}, About: "page with both languages side by side, in one file", Many: true, Write: writeHTML},
	{Name: "xliff", Exts: []string{".xlf", ".xliff"}, About: "XLIFF 2.1, the working file: everything, and it comes back", Many: true, Write: writeXLIFF, Read: readXLIFF},
	{Name: "jsonl", Exts: []string{".jsonl"}, About: "JSON lines, one segment a line", Many: true, Write: writeJSONL},
}
