"""Eight-bit weights and activations as the engine computes them: simulated while training, then measured.

usage: python quantize.py --run DIR --text DIR --vocab FILE --tables FILE --out DIR [--minutes 3 | --steps N]

Reads DIR/average.pt, calibrates one factor (alpha) per matrix, trains on with rounding simulated in every
product, and writes OUT/average.pt, which export.py turns into the engine's file. With --minutes 0 it only
calibrates.
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
from torch import Tensor

import align
import augment
import data
import evaluate
import model as m
import optimise
import train


def save(path: Path, net: m.Marian, weights: dict[str, Tensor], alphas: dict[str, float], step: int) -> None:
    torch.save({"shape": asdict(net.shape), "model": weights, "alphas": alphas, "step": step}, path)


def main(argv: list[str] | None = None) -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--run", type=Path, required=True)
    args.add_argument("--config", type=Path, required=True)
    args.add_argument("--text", type=Path, required=True)
    args.add_argument("--vocab", type=Path, required=True)
    args.add_argument("--tables", type=Path)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--minutes", type=float, default=3)
    args.add_argument("--steps", type=int, default=0, help="a budget of steps instead of minutes")
    args.add_argument("--lr", type=float, default=1e-4)
    args.add_argument("--calibration", type=int, default=40, help="batches to calibrate with")
    args.add_argument("--eval", type=Path, nargs=2)
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a = args.parse_args(argv)
    c, device = train.configuration(a.config), torch.device(a.device)
    torch.manual_seed(c["seed"])
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab))
    net = evaluate.load(a.run / "average.pt", device)
    net.dropout = 0.0
    tables = align.Tables.load(a.tables, device) if a.tables else None
    augmenter = augment.Augmenter(augment.Rates(**c["rates"]), align.lexicon(tables, vocabulary) if tables else {})
    text = data.Text.load(data.shards(a.text)[:1], c["max_chars"])
    packing = data.Packing(c["chunk"], c["tokens"], c["longest"], c["seed"] + 1000)
    a.out.mkdir(parents=True, exist_ok=True)

    def log(**figures: object) -> None:
        print(json.dumps(figures), flush=True)
        with (a.out / "log.jsonl").open("a") as file:
            file.write(json.dumps(figures) + "\n")

    def measure(what: str) -> None:
        if a.eval:
            source, reference = (p.read_text(encoding="utf-8").splitlines() for p in a.eval)
            training, net.training = net.training, False
            log(event=what, **evaluate.scores(evaluate.translate(net, vocabulary, source, device), reference))
            net.training = training

    small = data.Packing(min(4000, c["chunk"]), min(512, c["tokens"]), c["longest"], c["seed"] + 1000)
    first = [b.to(device) for b in data.Chunks(text, augmenter, vocabulary, small)[0][: a.calibration]]
    measure("float")
    alphas = m.calibrate(net, first)
    net.quantise = m.Fake(alphas)
    measure("int8, calibrated")
    average, step, started = optimise.Average(net, 0.999), 0, time.monotonic()
    if a.steps or a.minutes:
        optimiser = optimise.Optimiser(net, "adam", a.lr, 20, 0)
        net.train()
        cast = torch.autocast(device.type, torch.bfloat16) if device.type == "cuda" else nullcontext()
        share = 0.0
        for _, made in data.stream(data.Chunks(text, augmenter, vocabulary, packing, 999), 0, a.workers):
            for b in made:
                with cast:
                    n = int(b.target_length.sum())
                    smoothed, guided, nll = train.losses(net, net.forward, b.to(device), n, tables, c["smoothing"])
                (smoothed + c["guided"] * guided).backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), c["clip"])
                share = (step + 1) / a.steps if a.steps else (time.monotonic() - started) / (a.minutes * 60)
                optimiser.step(step, share)
                step += 1
                average.update(net, step)
                if step % 50 == 0:
                    log(step=step, nll=round(float(nll) / n, 4))
                if share >= 1:
                    break
            if share >= 1:
                break
        average.swap(net)
        net.eval()
        net.quantise = None
        alphas = m.calibrate(net, first)
        net.quantise = m.Fake(alphas)
        measure("int8, fine-tuned")
    save(a.out / "average.pt", net, {n: p.detach().cpu() for n, p in net.named_parameters()}, alphas, step)


if __name__ == "__main__":
    main()
