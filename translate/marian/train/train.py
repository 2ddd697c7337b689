"""Trains a model, on one GPU or on the CPU, and goes on from its last checkpoint.

usage: python train.py --config configs/base.json --text DIR --vocab FILE --tables FILE --out DIR --budget MINUTES
       [--stop MINUTES] [--eval SOURCE REFERENCE]

--budget is the training time that the learning rate is planned for, over all calls together; --stop ends
this call earlier. OUT gets state.pt (everything that a resumed run needs), average.pt (weights alone) and
log.jsonl (every figure). New shards in DIR are picked up when a run resumes.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import sentencepiece
import torch
import torch.nn.functional as F
from torch import Tensor

import align
import augment
import data
import evaluate
import export
import model as m
import optimise

DEFAULTS: dict = {
    "dim": 512, "ffn": 2048, "heads": 8, "encoder": 6, "decoder": 2, "dropout": 0.1, "smoothing": 0.1,
    "guided": 0.1, "optimiser": "muon", "lr": 1e-3, "warmup": 1500, "decay": "cosine", "clip": 1.0, "average": 0.999,
    "tokens": 49_152, "longest": 120, "chunk": 100_000, "max_chars": 900, "seed": 1, "dictionary": True, "rates": {},
    "repeat": 1, "late": 1.0, "power": 1.75, "quantise": 1.0,
}  # fmt: skip


def configuration(path: Path) -> dict:
    """Settings of a file over DEFAULTS; an unknown name is an error."""
    given = json.loads(path.read_text())
    unknown = set(given) - set(DEFAULTS)
    if unknown:
        raise SystemExit(f"{path}: unknown settings {', '.join(sorted(unknown))}")
    return DEFAULTS | given


def losses(net: m.Marian, forward: object, batch: data.Batch, n: int, tables: align.Tables | None, smoothing: float) -> tuple[Tensor, Tensor, Tensor]:
    """Smoothed cross-entropy and guided alignment, each divided by n, the number of target tokens; and the sum of the negative log likelihood."""
    out, attention = forward(batch.source, batch.source_length, batch.target)
    real = torch.arange(batch.target.shape[1], device=out.device) < batch.target_length[:, None]
    if out.is_cuda and m.fused is not None:
        wanted = batch.target.masked_fill(~real, -1).flatten()
        w, b = net.weight("Wemb").to(out.dtype), net.p["decoder_ff_logit_out_b"][0].to(out.dtype)
        smoothed, nll = m.fused.CrossEntropy.apply(net.input("Wemb", out).flatten(0, 1), w, b, wanted, smoothing, 1 / n)
    else:
        logits, wanted = net.logits(out[real]), batch.target[real]
        logp = F.log_softmax(logits.float(), -1)
        nll = -logp.gather(1, wanted[:, None]).sum()
        smoothed = ((1 - smoothing) * nll - smoothing * logp.mean(-1).sum() if smoothing else nll) / n
    guided = torch.zeros((), device=out.device)
    if tables is not None:
        with torch.no_grad():
            soft, trust = tables.soft(batch)
            soft = soft * (trust * real)[..., None]
        guided = -(soft * (attention.float() + 1e-6).log()).sum() / n
    return smoothed, guided, nll.detach()


class Run:
    """A training run with everything that must survive between calls."""

    def __init__(self, a: argparse.Namespace) -> None:
        self.a, self.c = a, configuration(a.config)
        torch.manual_seed(self.c["seed"])
        torch.backends.cuda.matmul.allow_tf32 = True
        self.device = torch.device(a.device)
        self.vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab))
        size = -(-self.vocabulary.get_piece_size() // 8) * 8
        c = self.c
        self.net = m.Marian(m.Shape(size, c["dim"], c["ffn"], c["heads"], c["encoder"], c["decoder"]), c["dropout"]).to(self.device)
        self.tables = align.Tables.load(a.tables, self.device) if a.tables else None
        words = align.lexicon(self.tables, self.vocabulary) if self.tables else {}
        self.augmenter = augment.Augmenter(augment.Rates(**c["rates"]), words)
        if c["dictionary"] and self.tables is not None:
            with torch.no_grad():
                self.net.p["Wemb"].copy_(align.embeddings(self.tables, c["dim"], c["seed"]))
        if a.init:
            weights = export.read_model(a.init)
            with torch.no_grad():
                for name, p in self.net.p.items():
                    p.copy_(torch.from_numpy(weights[name].copy()).reshape(p.shape))
        if not c["guided"]:
            self.tables = None
        self.optimiser = optimise.Optimiser(self.net, c["optimiser"], c["lr"], c["warmup"], a.steps or 0, c["decay"])
        self.average = optimise.Average(self.net, c["average"])
        self.step = self.tokens = self.passes = self.chunk = self.batch = 0
        self.minutes, self.power = 0.0, 1
        a.out.mkdir(parents=True, exist_ok=True)
        self.state, self.shards = a.out / "state.pt", data.shards(a.text)
        if self.state.exists():
            self._resume()
        self.log_file = (a.out / "log.jsonl").open("a")
        self.log(event="start", device=str(self.device), fused=m.fused is not None, parameters=sum(p.numel() for p in self.net.parameters()), config=c, torch=torch.__version__)  # fmt: skip

    def log(self, **figures: object) -> None:
        line = json.dumps({"step": self.step, "minutes": round(self.minutes, 2), **figures})
        self.log_file.write(line + "\n")
        self.log_file.flush()
        print(line, flush=True)

    def save(self) -> None:
        """Writes the whole state, and the averaged weights alone, each in one move."""
        cuda = torch.cuda.get_rng_state() if self.device.type == "cuda" else None
        whole = {
            "shape": asdict(self.net.shape), "model": self.net.state_dict(), "optimiser": self.optimiser.state_dict(),
            "average": self.average.weights, "step": self.step, "tokens": self.tokens, "minutes": self.minutes, "random": torch.get_rng_state(),
            "cuda": cuda, "place": (self.passes, self.chunk, self.batch), "power": self.power, "shards": [s.name for s in self.shards],
        }  # fmt: skip
        light = {"shape": asdict(self.net.shape), "model": self.average.weights, "step": self.step}
        if self.net.quantise is not None:
            whole["alphas"] = light["alphas"] = self.net.quantise.alphas
        for name, what in (("state.pt", whole), ("average.pt", light)):
            part = self.a.out / (name + ".part")
            torch.save(what, part)
            part.replace(self.a.out / name)

    def _resume(self) -> None:
        kept = m.read(self.state, self.device)
        self.net.load_state_dict(kept["model"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.average.weights = kept["average"]
        self.step, self.tokens, self.minutes = kept["step"], kept["tokens"], kept["minutes"]
        self.passes, self.chunk, self.batch = kept["place"]
        self.power = kept["power"]
        if "alphas" in kept:
            self.net.quantise = m.Fake(kept["alphas"])
        torch.set_rng_state(kept["random"].cpu())
        if kept["cuda"] is not None and self.device.type == "cuda":
            torch.cuda.set_rng_state(kept["cuda"].cpu())
        if kept["shards"] != [s.name for s in self.shards]:  # other text: a fresh pass over all of it
            self.passes, self.chunk, self.batch = self.passes + 1, 0, 0

    def share(self) -> float:
        """The part of the budget that is gone."""
        return self.step / self.a.steps if self.a.steps else self.minutes / self.a.budget

    def _open(self) -> data.Chunks:
        """The text of the present pass, which it logs."""
        c = self.c
        text = data.Text.load(self.shards, c["max_chars"])
        self.log(event="text", pairs=len(text), shards=[s.name for s in self.shards], pass_=self.passes, power=self.power)
        packing = data.Packing(c["chunk"], c["tokens"], c["longest"], c["seed"], c["repeat"])
        return data.Chunks(text, self.augmenter, self.vocabulary, packing, self.passes, self.power)

    def batches(self) -> Iterator[tuple[data.Batch, int]]:
        """Batches on the device with their number of target tokens, pass after pass.

        When more text has come, or the time of the late weights, a new pass begins; with workers the old one
        feeds on until that has been read and has made its first chunks.
        """
        c, workers, reader = self.c, self.a.workers, ThreadPoolExecutor(1)
        stream, coming, following, wait = data.stream(self._open(), self.chunk, workers), None, None, 0
        while True:
            for chunk, made in stream:
                self.chunk = chunk
                for b in made[self.batch :]:
                    self.batch += 1
                    n = int(b.target_length.sum())
                    yield (b.pin() if self.device.type == "cuda" else b).to(self.device), n
                self.batch = 0
                found, power = data.shards(self.a.text), c["power"] if self.share() >= c["late"] else 1
                if coming is None and following is None and (found != self.shards or power != self.power):
                    self.shards, self.power, self.passes = found, power, self.passes + 1
                    coming = reader.submit(self._open)
                if coming is not None and (coming.done() or not workers):
                    following, coming, wait = data.stream(coming.result(), 0, workers), None, workers
                wait -= 1
                if following is not None and wait < 0:
                    break
            else:
                if coming is None and following is None:
                    self.passes += 1
                    coming = reader.submit(self._open)
                if coming is not None:
                    following, coming = data.stream(coming.result(), 0, workers), None
            self.chunk, stream, following = 0, following, None

    def evaluate(self) -> None:
        if not self.a.eval:
            return
        source, reference = (p.read_text(encoding="utf-8").splitlines() for p in self.a.eval)
        if self.a.eval_lines:
            source, reference = source[: self.a.eval_lines], reference[: self.a.eval_lines]
        self.average.swap(self.net)
        self.net.eval()
        started = time.monotonic()
        with self.cast():
            out = evaluate.translate(self.net, self.vocabulary, source, self.device, 60_000 if self.device.type == "cuda" else 6000)
        self.net.train()
        self.average.swap(self.net)
        self.log(event="eval", lines=len(source), seconds=round(time.monotonic() - started, 1), **evaluate.scores(out, reference), sample=out[0])
        (self.a.out / "eval.en").write_text("\n".join(out) + "\n", encoding="utf-8")

    def cast(self) -> object:
        return torch.autocast(self.device.type, torch.bfloat16) if self.a.bf16 else nullcontext()

    def go(self) -> None:
        a, c = self.a, self.c
        forward = torch.compile(self.net.forward, dynamic=True) if a.compile else self.net.forward
        began, before = time.monotonic(), self.minutes
        marks = {"log": 0.0, "eval": began, "save": began}
        sums, seen = torch.zeros(3, device=self.device), 0
        kept: list[data.Batch] = []
        self.net.train()
        for b, n in self.batches():
            if self.net.quantise is None and self.share() >= c["quantise"]:
                kept.append(b)
                if len(kept) >= a.calibration:
                    with self.cast():
                        alphas = m.calibrate(self.net, kept)
                    self.net.quantise, kept = m.Fake(alphas), []
                    self.net.train()
                    self.log(event="int8 from here on", largest=max(alphas.values()), least=min(alphas.values()))
            with self.cast():
                smoothed, guided, nll = losses(self.net, forward, b, n, self.tables, c["smoothing"])
                loss = smoothed + c["guided"] * guided
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), c["clip"])
            rate = self.optimiser.step(self.step, None if a.steps else self.share())
            self.step += 1
            self.average.update(self.net, self.step)
            self.tokens += n
            sums += torch.stack([nll, guided.detach() * n, norm.detach() * n])
            seen += n
            now = time.monotonic()
            self.minutes = before + (now - began) / 60
            last = self.step >= a.steps if a.steps else self.minutes >= a.budget
            last = last or now - began >= a.stop * 60
            if now - marks["log"] > a.log_every or last:
                if marks["log"]:
                    nll_, guided_, norm_ = (sums / seen).tolist()
                    if not math.isfinite(nll_ + norm_):
                        raise SystemExit(f"step {self.step}: the loss is not finite; {self.state} is of an earlier step: resume it with a lower lr")
                    self.log(nll=round(nll_, 4), guided=round(guided_, 4), norm=round(norm_, 3), rate=round(rate, 6), tokens=self.tokens,
                             pass_=self.passes, speed=round(seen / (now - marks["log"])))  # fmt: skip
                if a.budget_file and a.budget_file.exists():
                    a.budget = float(a.budget_file.read_text())
                sums.zero_()
                seen, marks["log"] = 0, time.monotonic()
            if now - marks["save"] > a.save_every * 60 or last:
                self.save()
                marks["save"] = time.monotonic()
            if now - marks["eval"] > a.eval_every * 60 or last:
                self.evaluate()
                marks["eval"] = time.monotonic()
            if last:
                return


def arguments(argv: list[str] | None) -> argparse.Namespace:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--config", type=Path, required=True)
    args.add_argument("--text", type=Path, required=True)
    args.add_argument("--vocab", type=Path, required=True)
    args.add_argument("--tables", type=Path)
    args.add_argument("--init", type=Path, help="a model file of the engine to begin from, not from nothing")
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--budget", type=float, default=30, help="minutes of training, all calls together")
    args.add_argument("--budget-file", type=Path, help="where it exists, its number takes the place of --budget, at any time")
    args.add_argument("--stop", type=float, default=1e9, help="minutes of this call")
    args.add_argument("--steps", type=int, default=0, help="a budget of steps instead of minutes")
    args.add_argument("--eval", type=Path, nargs=2)
    args.add_argument("--eval-lines", type=int, default=0)
    args.add_argument("--eval-every", type=float, default=3, help="minutes")
    args.add_argument("--save-every", type=float, default=3, help="minutes")
    args.add_argument("--log-every", type=float, default=10, help="seconds")
    args.add_argument("--calibration", type=int, default=40, help="batches to calibrate int8 with")
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--threads", type=int, default=0)
    args.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    args.add_argument("--compile", action="store_true")
    return args.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    a = arguments(argv)
    if a.threads:
        torch.set_num_threads(a.threads)
    Run(a).go()


if __name__ == "__main__":
    main()
