package check

import "depeche/translate"

const (
	info    = translate.LevelInfo
	warning = translate.LevelWarning
	failure = translate.LevelError
)

// Table holds the rules in the order in which they run and are listed. The rules
// about terms are the glossary's own and not in it.
var Table = []Rule{
	{Name: "empty", Level: failure, About: "a segment has no translation"}, // Pair itself looks
	{Name: "untranslated", Level: failure, About: "the target is the source, or mostly French", pair: untranslated},
	{Name: "untranslated-word", Level: warning, About: "a French word stands in the target", pair: untranslatedWords},
	{Name: "quotes-unbalanced", Level: failure, About: "a quotation mark of the target has no partner, though the source's have", pair: quotesUnbalanced},
	{Name: "quotes-lost", Level: warning, About: "source and target have different numbers of quotations", pair: quotesLost},
	{Name: "brackets", Level: warning, About: "brackets are unbalanced or were lost or added", pair: brackets},
	{Name: "number", Level: failure, About: "a number was changed, lost or added", pair: numberRule},
	{Name: "number-format", Level: warning, About: "a number stands in French form: 240.000, 3,5 %", pair: numberFormat},
	{Name: "unit", Level: failure, About: "a currency or a unit of measurement was changed", pair: unitRule},
	{Name: "date", Level: failure, About: "a date, month or day of the week was changed", pair: dateRule},
	{Name: "time", Level: failure, About: "a time of day was changed", pair: timeRule},
	{Name: "name-lost", Level: warning, About: "a name of the source is not in the target", pair: namesLost},
	{Name: "name-altered", Level: warning, About: "a name is spelt differently though it needs no transliteration", pair: namesAltered},
	{Name: "repeated-word", Level: warning, About: "a word stands twice in a row", pair: repeatedWord},
	{Name: "loop", Level: failure, About: "a group of words repeats itself, as stuck engines do", pair: loop},
	{Name: "sentence-lost", Level: failure, About: "a sentence of the source is missing", pair: sentenceLost},
	{Name: "sentence-added", Level: warning, About: "the target has a sentence more", pair: sentenceAdded},
	{Name: "negation-lost", Level: warning, About: "the source negates and the target does not", pair: negationLost},
	{Name: "end-mark", Level: warning, About: "the target ends with another mark than the source", pair: endMark},
	{Name: "spacing", Level: warning, About: "spaces or marks are not those of English", pair: spacing},
	{Name: "length", Level: warning, About: "the target is suspiciously short or long", pair: length},
	{Name: "link", Level: failure, About: "an address, handle or hashtag was changed or lost", pair: links},
	{Name: "false-friend", Level: warning, About: "an English word that only looks like the French one", pair: falseFriends},
	{Name: "placeholder", Level: failure, About: "a placeholder, tag or unknown-word mark was left in the target", pair: placeholders},
	{Name: "commentary", Level: failure, About: "the target holds words of a language model about its work", pair: commentary},
	{Name: "inconsistent-target", Level: warning, About: "the same source is translated differently elsewhere", all: inconsistentTargets},
	{Name: "inconsistent-source", Level: warning, About: "different sources have the same translation", all: inconsistentSources},
}
