package segment

// Splitter cuts French text into segments. The zero value is ready for use;
// after construction it is safe for concurrent use.
type Splitter struct {
	// QuotesMax is the length in characters, marks included, up to which a
	// quotation stays in one segment with its attribution. 0 stands for
	// DefaultQuotesMax.
	QuotesMax int
	// InsideQuotes asks for cuts at every sentence end inside quotations,
	// whatever their length.
	InsideQuotes bool
	// Abbreviations is the list to know; nil stands for the one built in for
	// French.
	Abbreviations *Abbreviations
}

// DefaultQuotesMax is the length of the longest quotation that is kept whole,
// in characters, marks included.
const DefaultQuotesMax = 500
