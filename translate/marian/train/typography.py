"""One convention for quotation marks, apostrophes, numbers and dates on each side of a pair.

Targets have straight quotation marks and apostrophes, 240,000 and 3.5%, and American dates and spelling:
one form each, so that the model need not guess. Sources have « these quotation marks », which the engine
gives them, and otherwise keep every form that a dispatch may have. U+00A0, U+202F and U+2009 need no care here: the vocabulary's
NFKC normaliser makes them spaces, in training as in the engine.
"""

from __future__ import annotations

import functools
import random
import re

_EN_SINGLE = re.compile(r"‘([^‘’]{1,240})’(?!\w)|(?<![\w.])'([^'\t]{2,160}?)'(?!\w)")
_EN_DOUBLE = re.compile(r"[“”„]|``|''")
_FR_QUOTES = re.compile(r"«\s*|\s*»|[“”„]|``|''")
_FR_PAIRED = re.compile(r'"\s*([^"]+?)\s*"')
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'"})
_THOUSANDS_FR = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+)(?![\d.,]*\d)")
_THOUSANDS_EN = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+)(?![\d,]*\d)")
_PERCENT_EN = re.compile(r"(\d)\s*(?:%|per cent|percent)", re.I)
_DEGREES_EN = re.compile(r"(\d) °")
_PERCENT_FR = re.compile(r"(\d)\s*%")
_CLOCK_EN = re.compile(r"\b(\d{1,2})[.:](\d\d) ?([ap])\.?m\b\.?")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE_EN = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTH})(?:,? (\d{{4}}))?\b")

# British words that debates and laws have, in the American form that news in English mostly has.
_AMERICAN = [
    (re.compile(pattern, re.I), replacement)
    for pattern, replacement in (
        (r"^(Lab|Harb|Neighb|Hon|Fav|Col|Behavi|Hum|Rum|Endeav|Vap|Rig|Val|Arm)our(?!ous)", r"\1or"),
        (r"^(Cent|Theat|Fib|Lit|Met|Kilomet|Spect|Meag|Calib)re(s?)$", r"\1er\2"),
        (r"^(Def|Off|Lic|Pret)ence(s?)$", r"\1ense\2"),
        (r"^(Program)me(s?)$", r"\1\2"),
        (r"^(Ana|Para)lys(ed?|ing)$", r"\1lyz\2"),
        (r"^(Trave|Cance|Labe|Mode|Signa|Fue|Counse)ll(ed|ing|ers?)$", r"\1l\2"),
        (r"^(Che)que(s?)$", r"\1ck\2"),
        (r"^(A)geing$", r"\1ging"),
        (r"^(Toward)s$", r"\1"),
        # Verbs in -ise that are -ize in American English, by stem; others (exercise, advise, promise) stay.
        (r"^((?:Re|Un|Dis|De)?(?:organ|real|recogn|emphas|critic|harmon|liberal|author|special|modern|global|util|minim|maxim|optim|"
         r"summar|stabil|mobil|central|priorit|final|penal|normal|national|privat|legal|local|character|apolog|symbol|sympath|subsid|"
         r"standard|social|rational|politic|polar|neutral|monopol|materia|jeopard|initial|industrial|ideal|general|formal|familiar|"
         r"equal|democrat|crystall|colon|civil|capital|categor|brutal|agon|computer|visual|marginal|memor|immun|hospital|terror|"
         r"victim|scrutin|revital|revolution|steril|synchron|urban|vandal))is(e[sd]?|ing|ations?|ational|ers?)$", r"\1iz\2"),
    )
]  # fmt: skip
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_MISTER = re.compile(r"\b(Mrs?|Dr) (?=[A-Z])")


@functools.lru_cache(1 << 18)
def _american(word: str) -> str:
    for pattern, replacement in _AMERICAN:
        changed = pattern.sub(replacement, word)
        if changed != word:
            return changed.upper() if word.isupper() else changed
    return word


def american(english: str) -> str:
    """English with American spelling, as far as a list of stems can."""
    return _MISTER.sub(r"\1. ", _LONG_WORD.sub(lambda m: _american(m[0]), english))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def english(text: str) -> str:
    """The target in the one convention."""
    text = _EN_SINGLE.sub(lambda m: f'"{m[1] or m[2]}"', text)
    text = _EN_DOUBLE.sub('"', text).translate(_APOSTROPHES)
    text = re.sub(r'" ([.,;:?!])', r'"\1', text)
    text = _THOUSANDS_EN.sub(lambda m: re.sub(r"\D", ",", m[1]), text)
    text = _PERCENT_EN.sub(r"\1%", text)
    text = _DEGREES_EN.sub(r"\1°", text)
    text = _CLOCK_EN.sub(r"\1:\2 \3.m.", text)
    text = _DATE_EN.sub(lambda m: f"{m[2]} {int(m[1])}" + (f", {m[3]}" if m[3] else ""), text)
    return american(text)


def french(text: str) -> str:
    """The source with « plain guillemets », straight apostrophes and 240 000."""
    text = _FR_PAIRED.sub(r"«\1»", text)
    text = _FR_QUOTES.sub(lambda m: "«" if m[0].startswith("«") else "»" if m[0].endswith("»") else '"', text)
    return _FR_PAIRED.sub(r"«\1»", text).translate(_APOSTROPHES)


def quoted(pair: tuple[str, str]) -> tuple[str, str] | None:
    """The pair with quotation marks on both sides or on neither; None where they disagree otherwise."""
    fr, en = pair
    opened, closed, n = fr.count("«"), fr.count("»"), en.count('"')
    if opened + closed == n and opened == closed:
        return pair
    if n == 0:
        return re.sub(r"\s+", " ", fr.replace("«", "").replace("»", "").replace('"', "")).strip(), en
    if opened + closed == 0 and '"' not in fr:
        return fr, en.replace('"', "")
    return None


def apart(french: str, english: str) -> tuple[str, str]:
    """Both with a space inside their quotation marks: the word behind one is then the piece that it is anywhere.

    The engine gives the source this form, whatever marks it has, and takes the space out of the translation.
    """
    parts = english.split('"')
    joined = parts[0]
    for i, part in enumerate(parts[1:]):
        joined += '" ' + part.lstrip() if i % 2 == 0 else '"' + part
    return re.sub(r"\s*»", " »", re.sub(r"«\s*", "« ", french)), joined


def dress(pair: tuple[str, str], rng: random.Random) -> tuple[str, str]:
    """The pair with apostrophes, spaces and numbers in one of the ways they are written, and quotation marks apart."""
    fr, en = pair
    fr, en = apart(fr, en)
    if rng.random() < 0.4:
        fr = fr.replace("'", "’")
    spaced = rng.random() < 0.6
    fr = re.sub(r"\s*([;:?!])(?=\s|$)", r" \1" if spaced else r"\1", fr)
    fr = _PERCENT_FR.sub(r"\1 %" if rng.random() < 0.7 else r"\1%", fr)
    if (m := _THOUSANDS_FR.search(fr)) and _digits(m[1]) in {_digits(x) for x in _THOUSANDS_EN.findall(en)}:
        mark = rng.choice(" . ") if rng.random() < 0.9 else ""
        fr = _THOUSANDS_FR.sub(lambda m: re.sub(r"\D", mark, m[1]), fr)
    return fr, en
