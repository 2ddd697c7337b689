"""Tokenises French-English text as the phrase engine does.

  python3 tokenise.py FOLDER OUT.fr OUT.en OUT.lm OUT.parts

FOLDER holds *.tsv.xz, a pair a line. OUT.fr and OUT.en are for the word
alignment, OUT.parts names the corpus of each of their pairs, OUT.lm is all
the English.
"""
import glob, lzma, os, random, re, sys

FR = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]+')(?=[^\W\d_])|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_")
EN = re.compile(r"\d+(?:[.,]\d+)*|'(?:s|re|ve|ll|d|m)\b|n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_", re.I)
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "…": "..."})
# Laws are clauses and Debian's advisories repeat themselves: a part of them is enough.
SHARE = {"laws": 0.15, "debian": 0.6}
# Pairs to align: word alignment takes the longest. The rest of the English is for the language model.
MOST = {"europarl": 1_140_000}
LONGEST = {"europarl": 40}


def pairs(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.tsv.xz"))):
        for line in lzma.open(path, "rt", encoding="utf8"):
            cells = line.rstrip("\n").split("\t")
            corpus = cells[0] if len(cells) == 3 else os.path.basename(path).split(".")[0].split("-")[0]
            yield corpus, cells[-2], cells[-1]


def main(folder, out_fr, out_en, out_lm, out_parts):
    random.seed(1)
    taken = {}
    with open(out_fr, "w") as f, open(out_en, "w") as e, open(out_lm, "w") as lm, open(out_parts, "w") as parts:
        for corpus, fr, en in pairs(folder):
            if random.random() > SHARE.get(corpus, 1):
                continue
            fr = re.sub(r"^par écrit\. [–-] ", "", fr)
            a, b = FR.findall(fr.translate(PLAIN)), EN.findall(en.translate(PLAIN))
            if not a or not b:
                continue
            print(*b, file=lm)
            if len(a) <= LONGEST.get(corpus, 60) and len(b) <= 60 and taken.get(corpus, 0) < MOST.get(corpus, 1 << 30):
                taken[corpus] = taken.get(corpus, 0) + 1
                print(*a, file=f)
                print(*b, file=e)
                print(corpus, file=parts)


if __name__ == "__main__":
    main(*sys.argv[1:])
