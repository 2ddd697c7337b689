"""Goes on from an average.pt for a while on the CPU, with a small learning rate, on text of one's choice.

usage: python polish.py --model average.pt --text DIR --vocab FILE --tables FILE --out FILE.pt [--minutes 46] [--lr 8e-5]

For what a long training has not seen enough of, or not in this form: rare words, a convention that changed. The
alphas of the model stay. Batches of some thousand tokens are gathered into one step, the alignment guides one batch in
five, since on a CPU it costs as much as the rest.
"""

from __future__ import annotations

import argparse
import json
import time
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import sentencepiece
import torch

import align
import augment
import data
import evaluate
import optimise
import train

RATES = augment.Rates(dateline=0.03, upper=0.02, headline=0.05, term=0.1, join=0.04, speech=0.06)
_GUIDED_EVERY, _GUIDED = 5, 0.6


def main(argv: list[str] | None = None) -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "text", "vocab", "tables", "out"):
        args.add_argument(f"--{name}", type=Path, required=True)
    args.add_argument("--minutes", type=float, default=46)
    args.add_argument("--lr", type=float, default=8e-5)
    args.add_argument("--tokens", type=int, default=7000, help="of a batch, padding counted")
    args.add_argument("--step", type=int, default=15000, help="target tokens of a step, at least")
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    a = args.parse_args(argv)
    torch.manual_seed(1)
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab))
    net = evaluate.load(a.model)
    alphas = net.quantise.alphas if net.quantise else {}
    net.quantise, net.dropout = None, 0.0
    tables = align.Tables.load(a.tables)
    augmenter = augment.Augmenter(RATES, align.lexicon(tables, vocabulary))
    text = data.Text.load(data.shards(a.text))
    packing = data.Packing(12_000, a.tokens, 100, seed=77)
    optimiser, average = optimise.Optimiser(net, "adam", a.lr, 20, 0), optimise.Average(net, 0.995)
    net.train()
    started = logged = time.monotonic()
    step = gathered = batches = seen = number = 0
    lost = 0.0
    while True:
        for _, made in data.stream(data.Chunks(text, augmenter, vocabulary, packing, number), 0, a.workers):
            for b in made:
                n = int(b.target_length.sum())
                batches += 1
                guide = tables if batches % _GUIDED_EVERY == 0 else None
                with torch.autocast("cpu", torch.bfloat16) if a.bf16 else nullcontext():
                    smoothed, guided, nll = train.losses(net, net.forward, b, n, guide, 0.1)
                ((smoothed + _GUIDED * guided) * (n / a.step)).backward()
                gathered, seen, lost = gathered + n, seen + n, lost + float(nll)
                share = (time.monotonic() - started) / 60 / a.minutes
                if gathered >= a.step:
                    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                    optimiser.step(step, share)
                    step, gathered = step + 1, 0
                    average.update(net, step)
                if time.monotonic() - logged > 60 or share >= 1:
                    print(json.dumps({"step": step, "minutes": round(share * a.minutes, 2), "nll": round(lost / seen, 4),
                                      "speed": round(seen / (time.monotonic() - logged))}), flush=True)  # fmt: skip
                    lost, seen, logged = 0.0, 0, time.monotonic()
                    kept = {"shape": asdict(net.shape), "model": average.weights, "step": step}
                    torch.save(kept | ({"alphas": alphas} if alphas else {}), a.out)
                if share >= 1:
                    return
        number += 1


if __name__ == "__main__":
    main()
