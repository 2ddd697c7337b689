package output

// Formats is the table of all formats, in the order that `depeche formats`
// prints them. A new format is one file and one line here.
var Formats = []Format{
	{Name: "html", Exts: []string{".html", ".htm"}, About: "page with both languages side by side, in one file", Many: true, Write: writeHTML},
	{Name: "fragment", Exts: []string{".fragment.html"}, About: "HTML to put into a page of a content system", Many: true, Write: writeFragment},
	{Name: "md", Exts: []string{".md", ".markdown"}, About: "Markdown: a table, or source and translation in turn", Many: true, Write: writeMarkdown},
	{Name: "txt", Exts: []string{".txt"}, About: "plain text in columns, or source and translation in turn", Many: true, Write: writeText},
	{Name: "pdf", Exts: []string{".pdf"}, About: "for print, in two columns, tagged", Binary: true, Many: true, Write: writePDF},
	{Name: "epub", Exts: []string{".epub"}, About: "e-book, a chapter per document", Binary: true, Many: true, Write: writeEPUB},
	{Name: "docx", Exts: []string{".docx"}, About: "Word document in two columns, terms as footnotes", Binary: true, Many: true, Write: writeDOCX},
	{Name: "docx-review", Exts: []string{".review.docx"}, About: "Word table for corrections that come back", Binary: true, Write: writeDOCXReview},
	{Name: "xliff", Exts: []string{".xlf", ".xliff"}, About: "XLIFF 2.1, the working file: everything, and it comes back", Many: true, Write: writeXLIFF, Read: readXLIFF},
	{Name: "xliff12", Exts: []string{".v12.xlf"}, About: "XLIFF 1.2, for older translation tools", Many: true, Write: writeXLIFF12, Read: readXLIFF},
	{Name: "omegat", Exts: []string{".omegat.zip"}, About: "project of OmegaT 3, packed, with memory and glossary", Binary: true, Many: true, Write: writeOmegaT},
	{Name: "tmx", Exts: []string{".tmx"}, About: "TMX 1.4b, translation memory for other tools", Many: true, Write: writeTMX},
	{Name: "csv", Exts: []string{".csv"}, About: "table, comma separated (RFC 4180)", Write: writeCSV},
	{Name: "tsv", Exts: []string{".tsv", ".tab"}, About: "table, tab separated", Write: writeTSV},
	{Name: "xlsx", Exts: []string{".xlsx"}, About: "spreadsheet for corrections that come back", Binary: true, Write: writeXLSX},
	{Name: "po", Exts: []string{".po"}, About: "gettext catalogue", Write: writePO},
	{Name: "jsonl", Exts: []string{".jsonl"}, About: "JSON lines, one segment a line", Many: true, Write: writeJSONL},
	{Name: "ninjs", Exts: []string{".ninjs.json"}, About: "ninjs 3.0, the translation for a news system, linked to its source", Write: writeNinjs},
	{Name: "newsml-g2", Exts: []string{".newsml.xml"}, About: "NewsML-G2 2.35, source and translation as linked news items", Many: true, Write: writeNewsML},
}
