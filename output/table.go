package output

// Formats is the table of all formats, in the order that `depeche formats`
// prints them. A new format is one file and one line here.
var Formats = []Format{}
