"""The whole recipe in about a minute on the CPU: from pairs to a tiny model that knows them by heart.

usage: python mini.py --bitext DIR --out DIR [--steps 360]

Runs the steps of README.md with small settings. OUT/float (without a shortlist) and OUT/int8 get the engine's files,
OUT/source.fr and OUT/reference.en the pairs, OUT/pytorch.en what PyTorch makes of the sources.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import sentencepiece
import torch

import align
import corpus
import data
import evaluate
import export
import quantize
import train
import vocabulary


def main(argv: list[str] | None = None) -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--bitext", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--steps", type=int, default=360)
    args.add_argument("--threads", type=int, default=1)
    a = args.parse_args(argv)
    torch.set_num_threads(a.threads)
    out, config = str(a.out), str(Path(__file__).parent / "configs/mini.json")
    text, vocab, tables = f"{out}/text", f"{out}/vocab.fren.spm", f"{out}/tables.pt"
    started = time.monotonic()
    corpus.main(["--bitext", str(a.bitext), "--out", text, "--jobs", "1"])
    vocabulary.main(["--text", text, "--out", vocab, "--pieces", "2000"])
    align.main(["--text", text, "--vocab", vocab, "--out", tables, "--workers", "0", "--device", "cpu"])
    common = ["--config", config, "--text", text, "--vocab", vocab, "--tables", tables, "--device", "cpu", "--workers", "0"]
    train.main([*common, "--out", f"{out}/run", "--steps", str(a.steps), "--no-bf16"])
    quantize.main([*common, "--run", f"{out}/run", "--out", f"{out}/quantized", "--steps", "40"])
    export.main(["--model", f"{out}/run/average.pt", "--vocab", vocab, "--out", f"{out}/float", "--float"])
    export.main(["--model", f"{out}/quantized/average.pt", "--vocab", vocab, "--tables", tables, "--out", f"{out}/int8", "--first", "800"])
    known = data.Text.load(data.shards(a.out / "text"))
    source, reference = zip(*(known.pair(i) for i in range(len(known))))
    pieces = sentencepiece.SentencePieceProcessor(model_file=vocab)
    found = evaluate.translate(evaluate.load(a.out / "run/average.pt"), pieces, source, torch.device("cpu"))
    for name, lines in (("source.fr", source), ("reference.en", reference), ("pytorch.en", found)):
        (a.out / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    same = sum(f == r for f, r in zip(found, reference)) / len(reference)
    print(json.dumps({"pairs": len(reference), "by heart": round(same, 4), "seconds": round(time.monotonic() - started, 1)}))


if __name__ == "__main__":
    main()
