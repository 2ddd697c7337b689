"""Translates with a checkpoint and measures what came out.

usage: python evaluate.py --model average.pt --vocab FILE --eval SOURCE REFERENCE [--out FILE]
       python evaluate.py --hypothesis FILE --eval SOURCE REFERENCE

With --tables FILE it also measures obedience: the share of required terms that the translation has, where
the reference's own word is required (known) and where another is (invented), and BLEU with the known ones.

BLEU and chrF2 are sacreBLEU's defaults. A checkpoint of quantize.py is measured with int8 rounding. kept_numbers and kept_quotes are the shares of segments whose
numbers (in their English form) and whose number of quotation marks are the source's.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch

import align
import augment
import model as m
from data import EOS

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"'})


def translate(net: m.Marian, vocabulary: object, lines: Sequence[str], device: torch.device, tokens: int = 6000) -> list[str]:
    """Greedy translations of lines, in their order."""
    rows = [(i, ids + [EOS]) for i, ids in enumerate(vocabulary.encode(list(lines)))]
    rows.sort(key=lambda r: len(r[1]))
    out = [""] * len(rows)
    while rows:
        width = len(rows[-1][1])
        part = rows[-max(1, tokens // width) :]
        del rows[-len(part) :]
        ids = torch.full((len(part), width), EOS)
        for k, (_, r) in enumerate(part):
            ids[k, : len(r)] = torch.tensor(r)
        found, _ = net.greedy(ids.to(device), torch.tensor([len(r) for _, r in part], device=device))
        for (i, _), f in zip(part, found):
            out[i] = vocabulary.decode(f)
    return out


def scores(hypotheses: Sequence[str], references: Sequence[str]) -> dict[str, object]:
    """BLEU, chrF2 and sacreBLEU's signature."""
    import sacrebleu

    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    b = bleu.corpus_score(list(hypotheses), [list(references)])
    return {"bleu": round(b.score, 2), "chrf2": round(chrf.corpus_score(list(hypotheses), [list(references)]).score, 2),
            "ratio": round(b.sys_len / b.ref_len, 3), "signature": str(bleu.get_signature())}  # fmt: skip


def kept(sources: Sequence[str], hypotheses: Sequence[str]) -> dict[str, float]:
    """Shares of the segments with digits, and with quotation marks, that keep them."""

    def digits(text: str) -> Counter:
        return Counter(re.sub(r"\D", "", n) for n in _NUMBER.findall(text))

    numbers = [digits(s) == digits(h) for s, h in zip(sources, hypotheses) if re.search(r"\d", s)]
    quotes = [s.translate(_QUOTES).count('"') == h.translate(_QUOTES).count('"') for s, h in zip(sources, hypotheses)
              if '"' in s.translate(_QUOTES)]  # fmt: skip
    return {"kept_numbers": round(sum(numbers) / max(1, len(numbers)), 4), "kept_quotes": round(sum(quotes) / max(1, len(quotes)), 4)}


def obedience(net: m.Marian, vocabulary: object, sources: Sequence[str], references: Sequence[str], words: dict[str, list[str]],
              device: torch.device) -> dict[str, object]:  # fmt: skip
    """Required terms, one to a sentence at most: the share that is in the translation, and BLEU of the annotated sentences."""
    out: dict[str, object] = {}
    for what, invented in (("known", 0.0), ("invented", 1.0)):
        make, rng = augment.Augmenter(augment.Rates(invented=invented), words), random.Random(1)
        rows = [(make.annotate((f, e), rng), f) for f, e in zip(sources, references)]
        rows = [(f, e, plain) for (f, e), plain in rows if f != plain]
        required = [f.split("__target__ ")[1].split(" __done__")[0] for f, _, _ in rows]
        found = translate(net, vocabulary, [f for f, _, _ in rows], device)
        out |= {what: len(rows), f"{what}_kept": round(sum(r in t for r, t in zip(required, found)) / max(1, len(rows)), 4)}
        if not invented and rows:
            plain = translate(net, vocabulary, [p for _, _, p in rows], device)
            targets = [e for _, e, _ in rows]
            out |= {"known_bleu": scores(found, targets)["bleu"], "known_bleu_without": scores(plain, targets)["bleu"]}
            out["known_kept_without"] = round(sum(r in t for r, t in zip(required, plain)) / len(rows), 4)
    return out


def load(path: Path, device: torch.device | str = "cpu") -> m.Marian:
    """The model of an average.pt or state.pt, ready to translate."""
    kept_ = m.read(path, device)
    net = m.Marian(m.Shape(**kept_["shape"])).to(device)
    net.load_state_dict({n if n.startswith("p.") else "p." + n: w for n, w in kept_["model"].items()})
    if "alphas" in kept_:
        net.quantise = m.Fake(kept_["alphas"])
    return net.eval()


def main(argv: list[str] | None = None) -> None:
    import sentencepiece

    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--model", type=Path)
    args.add_argument("--vocab", type=Path)
    args.add_argument("--hypothesis", type=Path)
    args.add_argument("--eval", type=Path, nargs=2, required=True)
    args.add_argument("--out", type=Path)
    args.add_argument("--tables", type=Path)
    args.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a = args.parse_args(argv)
    source, reference = (p.read_text(encoding="utf-8").splitlines() for p in a.eval)
    more: dict[str, object] = {}
    if a.hypothesis:
        out = a.hypothesis.read_text(encoding="utf-8").splitlines()
    else:
        vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab))
        net, device = load(a.model, a.device), torch.device(a.device)
        out = translate(net, vocabulary, source, device)
        if a.tables:
            words = align.lexicon(align.Tables.load(a.tables), vocabulary)
            more = obedience(net, vocabulary, source, reference, words, device)
    if a.out:
        a.out.write_text("\n".join(out) + "\n", encoding="utf-8")
    print(json.dumps(scores(out, reference) | kept(source, out) | more))


if __name__ == "__main__":
    main()
