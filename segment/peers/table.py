"""Prints the comparison as a Markdown table: table.py SETS WORK PEER…"""
import json, sys

sets, work, peers = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.path.insert(0, sets)
import score

NAMES = {
    "depeche": "**depeche**", "uax29": "UAX #29 (clipperhouse/uax29)", "punkt": "Punkt, French (neurosnap/sentences)",
    "sentencex": "sentencex (npm)", "lingua": "Lingua::Sentence (Debian)", "icu": "ICU (Debian, python3-icu)", "pysbd": "pySBD (pip)",
}
print("| splitter, `Fp` (`QI5`) | " + " | ".join(score.SETS) + " | before a closer | from its attribution | MB/s |")
print("| --- |" + " --- |" * (len(score.SETS) + 3))
for peer in peers:
    cells, orphans, parted, seconds, size = [], 0, 0, 0.0, 0
    for name in score.SETS:
        answers = {}
        for line in open(f"{work}/{name}.{peer}.out", encoding="utf8"):
            o = json.loads(line)
            answers[o["i"]] = o["s"] or []
        r = score.score(name, [answers[i] for i in range(len(answers))])
        cells.append(f"{r['Fp']:.1f} ({r['QI5']:.0f})")
        orphans += r["orph"]
        parted += r["att"]
        s, n = open(f"{work}/{name}.{peer}.time").read().split()
        seconds += float(s)
        size += int(n)
    speed = size / seconds / 1e6
    print(f"| {NAMES[peer]} | " + " | ".join(cells) + f" | {orphans} | {parted} | {speed:.3g} |")
