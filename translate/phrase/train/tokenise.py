"""Tokenises French-English text as the phrase engine does.

  python3 tokenise.py FOLDER OUT.fr OUT.en    FOLDER holds *.tsv.xz, a pair a line
"""
import glob, lzma, os, random, re, sys

FR = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]+')(?=[^\W\d_])|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_")
EN = re.compile(r"\d+(?:[.,]\d+)*|'(?:s|re|ve|ll|d|m)\b|n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+(?:-[^\W\d_]+)*|\.\.\.|[^\w\s]|_", re.I)
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "…": "..."})
# Laws are clauses and Debian's advisories repeat themselves: a part of them is enough.
SHARE = {"laws": 0.18, "debian": 0.6, "europarl": 0.55}


def pairs(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.tsv.xz"))):
        for line in lzma.open(path, "rt", encoding="utf8"):
            cells = line.rstrip("\n").split("\t")
            corpus = cells[0] if len(cells) == 3 else os.path.basename(path).split(".")[0].split("-")[0]
            yield corpus, cells[-2], cells[-1]


def main(folder, out_fr, out_en):
    random.seed(1)
    with open(out_fr, "w") as f, open(out_en, "w") as e:
        for corpus, fr, en in pairs(folder):
            if random.random() > SHARE.get(corpus, 1):
                continue
            fr = re.sub(r"^par écrit\. [–-] ", "", fr)
            a, b = FR.findall(fr.translate(PLAIN)), EN.findall(en.translate(PLAIN))
            if a and b and len(a) <= (45 if corpus == "europarl" else 80) and len(b) <= 80:
                print(*a, file=f)
                print(*b, file=e)


if __name__ == "__main__":
    main(*sys.argv[1:])
