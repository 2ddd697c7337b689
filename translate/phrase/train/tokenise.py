"""Tokenises French-English text as the phrase engine does.

  python3 tokenise.py FOLDER... OUT.fr OUT.en OUT.lm OUT.parts

Each FOLDER holds *.tsv.xz, a pair a line. OUT.fr and OUT.en are for the word
alignment, OUT.parts names the corpus of each of their pairs, OUT.lm is all
the English.
"""
import glob, lzma, os, random, re, sys

FR = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]+')(?=[^\W\d_])|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_")
EN = re.compile(r"\d+(?:[.,]\d+)*|'(?:s|re|ve|ll|d|m)\b|n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_", re.I)
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "…": "..."})
# What the engine writes without full stops.
SHORT = re.compile(r"\b([A-Z])\.([A-Z])\.(?:([A-Z])\.)?")
# Laws are clauses and Debian's advisories repeat themselves: a part of them is enough.
SHARE = {"laws": 0.15, "debian": 0.6}
# Pairs to align: word alignment takes the longest. The rest of the English is for the language model.
MOST = {"europarl": 1_140_000}
LONGEST = {"europarl": 40}
# The only news there is counts three times; pressTimes in corpus.go is the same number.
TIMES = {"press": 3}


def last(path):
    """The debates and laws come last: joint.py reads the first more often."""
    return os.path.basename(path).startswith(("europarl", "laws")), path


def pairs(folders):
    for path in sorted((p for f in folders for p in glob.glob(os.path.join(f, "*.tsv.xz"))), key=last):
        for line in lzma.open(path, "rt", encoding="utf8"):
            cells = line.rstrip("\n").split("\t")
            corpus = cells[0] if len(cells) == 3 else os.path.basename(path).split(".")[0].split("-")[0]
            yield corpus, cells[-2], cells[-1]


def main(folders, out_fr, out_en, out_lm, out_parts):
    random.seed(1)
    taken = {}
    with open(out_fr, "w") as f, open(out_en, "w") as e, open(out_lm, "w") as lm, open(out_parts, "w") as parts:
        for corpus, fr, en in pairs(folders):
            if random.random() > SHARE.get(corpus, 1):
                continue
            fr = re.sub(r"^par écrit\. [–-] ", "", fr)
            a, b = FR.findall(fr.translate(PLAIN)), EN.findall(SHORT.sub(r"\1\2\3", en.translate(PLAIN)))
            if not a or not b:
                continue
            times = TIMES.get(corpus, 1)
            for _ in range(times):
                print(*b, file=lm)
            if len(a) <= LONGEST.get(corpus, 60) and len(b) <= 60 and taken.get(corpus, 0) < MOST.get(corpus, 1 << 30):
                taken[corpus] = taken.get(corpus, 0) + 1
                for _ in range(times):
                    print(*a, file=f)
                    print(*b, file=e)
                    print(corpus, file=parts)


if __name__ == "__main__":
    main(sys.argv[1:-4], *sys.argv[-4:])
