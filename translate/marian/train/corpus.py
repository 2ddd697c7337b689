"""Reads the bitext, filters it, frees it of evaluation text, weights it and writes it as shards.

usage: python corpus.py --bitext DIR [--bitext DIR ...] --eval FILE [--eval FILE ...] --out DIR

Each shard holds lines "weight TAB french TAB english", in the one typographic convention of
typography.py; the pairs most like a dispatch stand in the first shard, so that training can begin before the others are there. A corpus file is
"french TAB english" or "corpus TAB french TAB english", plain or .xz.
"""

from __future__ import annotations

import argparse
import json
import lzma
import multiprocessing as mp
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import typography
from overlap import Overlap

# How often a pair of a corpus is seen in one pass over the text, before style() has its say.
BASE = {
    "press": 3.0, "book": 1.0, "words": 0.5, "europarl": 1.0, "tatoeba": 1.0, "guides": 1.5, "mozweb": 1.2, "sdg": 1.5, "govca2": 0.8,
    "ocds": 0.5, "pydocs": 0.5, "gnomedocs": 0.5, "debian": 0.3, "laws": 0.15,
}  # fmt: skip

_PREFIX = re.compile(r"^\s*(?:[-–—•*·]\s+|\(?par écrit\.?\)?[.,]?\s*[–—-]\s*|\((?:[A-Z]{2})\)\s*)", re.I)
_PREFIX_EN = re.compile(r"^\s*(?:[-–—•*·]\s+|\(?in writing\.?\)?[.,]?\s*[–—-]\s*|\((?:[A-Z]{2})\)\s*)", re.I)
_EMPTY_QUOTES = re.compile(r"«\s*»|“\s*”|\"\s*\"")
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_CHAMBER = re.compile(
    r"(?:Monsieur|Madame|Messieurs|Mesdames) (?:le|la|les) (?:Président|Commissaire|rapporteur|député)|chers collègues|rapporteur|"
    r"amendement|procès-verbal|l'ordre du jour|proposition de (?:résolution|directive|règlement)|la séance|le vote|"
    r"\b(?:je|j'|nous|notre|nos|vous|votre|mon|ma|mes)\b", re.I)  # fmt: skip
_NEWS = re.compile(
    r"\ba (?:déclaré|annoncé|indiqué|affirmé|estimé|dit|précisé|été)\b|\bselon\b|\bont été\b|\bavai(?:t|ent)\b|\d|[«»\"“”]|"
    r"\b(?:président|ministre|guerre|police|armée|élections?|attaques?|morts?|millions?|milliards?|pays|gouvernement)\b", re.I)  # fmt: skip
_WORD = re.compile(r"\b[a-zà-ÿœ]{4,}")
_RARE = range(3, 300)  # how often a word stands in the whole text
_BULK = ("europarl", "laws", "debian")
_LEAST = 0.6  # of a weight: of pairs that weigh less some are taken, with this one
_NAME = re.compile(r"(?<=[a-zéè,] )[A-ZÉ][a-zé]+")


def clean(french: str, english: str) -> tuple[str, str] | None:
    """The pair without its debris, or None where it is not a translation worth learning from."""
    french, english = _PREFIX.sub("", french), _PREFIX_EN.sub("", english)
    french, english = _SPACES.sub(" ", french).strip(), _SPACES.sub(" ", english).strip()
    if not french or not english or "\ufffd" in french + english or _EMPTY_QUOTES.search(french + english):
        return None
    nf, ne = len(french), len(english)
    if nf > 900 or ne > 900 or not 0.45 <= (nf + 8) / (ne + 8) <= 2.2:
        return None
    if len(_LETTER.findall(french)) < 0.5 * nf or (french == english and nf > 30):
        return None
    df, de = _NUMBER.findall(french), _NUMBER.findall(english)
    if len("".join(df)) > 3 and len("".join(de)) > 3 and not set(df) & set(de) and "".join(df) != "".join(de):
        return None
    if french.endswith("?") != english.endswith("?") and nf < 60:
        return None
    return french, english


def style(corpus: str, french: str) -> float:
    """The weight of a pair: written news counts most, the formulas of a debate and of the law least."""
    weight = BASE.get(corpus, 1.0)
    if corpus == "europarl":
        weight *= (0.45 if _CHAMBER.search(french) else 1.0) * (1.3 if _NEWS.search(french) else 0.9)
        weight *= 1 + 0.15 * min(len(_NAME.findall(french)), 3)
    n = len(french)
    if n < 25:
        weight *= 0.6
    return round(weight, 2)


def by_rarity(kept: list[tuple[float, str, str, str]], rng: random.Random) -> list[tuple[float, str, str]]:
    """Pairs of the bulk corpora weigh more the more rare words they show; the lightest are thinned out.

    A debate adds little to the thousandth of its kind but for the words that no other one has.
    """
    counts: Counter = Counter()
    for _, _, french, _ in kept:
        counts.update(_WORD.findall(french))
    out = []
    for weight, name, french, english in kept:
        if name in _BULK:
            weight *= 0.6 + 0.3 * min(3, sum(counts[w] in _RARE for w in set(_WORD.findall(french))))
            if weight < _LEAST:
                if rng.random() * _LEAST > weight:
                    continue
                weight = _LEAST
        out.append((round(weight, 2), french, english))
    return out


def _template(text: str) -> str:
    """What stays of text when names and numbers of a boiler-plate line are taken out."""
    return " ".join(w for w in text.split()[:9] if w.islower())


def pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    """Corpus name, French and English of every line of a file."""
    name = path.name.split(".")[0].split("-")[0]
    opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
    with opened as file:
        for number, line in enumerate(file, 1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 2:
                yield name, cells[0], cells[1]
            elif len(cells) == 3:
                yield cells[0], cells[1], cells[2]
            else:
                raise ValueError(f"{path}:{number}: {len(cells)} columns, want 2 or 3")


def _file(job: tuple[Path, list[Path]]) -> tuple[Counter, list[tuple[float, str, str, str]]]:
    path, evaluation = job
    overlap, figures, out = Overlap(evaluation), Counter(), []
    seen: set[int] = set()
    templates: Counter = Counter()
    for corpus, french, english in pairs(path):
        figures[corpus, "read"] += 1
        kept = clean(french, english)
        if kept is None:
            figures[corpus, "unclean"] += 1
            continue
        french, english = kept
        key = hash((french.lower(), english.lower()))
        if key in seen:
            figures[corpus, "duplicate"] += 1
            continue
        seen.add(key)
        if corpus in ("debian", "laws"):
            form = _template(french)
            templates[form] += 1
            if templates[form] > 3 and len(form) > 12:
                figures[corpus, "template"] += 1
                continue
        if french in overlap or english in overlap:
            figures[corpus, "overlap"] += 1
            continue
        pair = typography.quoted((typography.french(french), typography.english(english)))
        if pair is None:
            figures[corpus, "quotes differ"] += 1
            continue
        figures[corpus, "kept"] += 1
        out.append((style(corpus, french), corpus, *pair))
    return figures, out


def main(argv: list[str] | None = None) -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--bitext", type=Path, action="append", required=True)
    args.add_argument("--eval", type=Path, action="append", default=[], help="text that must not be trained on")
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--shard-bytes", type=int, default=56 << 20, help="size of one compressed shard, at most")
    args.add_argument("--jobs", type=int, default=2)
    args.add_argument("--preset", type=int, default=6, help="effort of xz, 0 to 9")
    args.add_argument("--seed", type=int, default=1)
    a = args.parse_args(argv)
    files = []
    for folder in a.bitext:
        found = sorted(p for p in folder.iterdir() if ".tsv" in p.suffixes)
        if not found:
            raise SystemExit(f"{folder}: no .tsv or .tsv.xz file")
        files += found
    figures: Counter = Counter()
    rng, read = random.Random(a.seed), []
    with mp.Pool(a.jobs) as pool:
        for f, part in pool.imap(_file, [(p, a.eval) for p in files]):
            figures.update(f)
            read += part
    kept = by_rarity(read, rng)
    rng.shuffle(kept)
    # Best first, yet every shard a mixture: the weight decides with some noise.
    kept.sort(key=lambda p: -p[0] * rng.uniform(0.5, 1.0))
    a.out.mkdir(parents=True, exist_ok=True)
    for old in a.out.glob("shard-*.tsv.xz"):
        old.unlink()
    counts, number, size, shard = [], 0, 0, None
    budget = int(a.shard_bytes * 4.2)  # xz brings this text to under a quarter
    for weight, french, english in kept:
        line = f"{weight}\t{french}\t{english}\n".encode()
        if shard is None or size + len(line) > budget:
            if shard is not None:
                shard.close()
            shard = lzma.open(a.out / f"shard-{number:02d}.tsv.xz", "wb", preset=a.preset)
            counts.append(0)
            number, size = number + 1, 0
        shard.write(line)
        size += len(line)
        counts[-1] += 1
    if shard is not None:
        shard.close()
    report = {f"{c}.{what}": n for (c, what), n in sorted(figures.items())}
    report |= {"pairs": len(kept), "shards": counts, "evaluation": [p.name for p in a.eval]}
    (a.out / "corpus.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
