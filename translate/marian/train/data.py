"""Turns text shards into batches of token ids, augmented afresh in every pass.

The text stays text until it is needed: it is smaller than tokens, and every pass sees other datelines,
quotation marks and joins. A chunk of some thousand pairs is cut into batches of one length each. Chunk
c of pass p is the same whenever it is asked for, so training resumes where it stopped.
"""

from __future__ import annotations

import lzma
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import augment

EOS = 0


def shards(folder: Path) -> list[Path]:
    """The text files that corpus.py wrote there or in folders below, best text first."""
    return sorted((p for p in folder.rglob("shard-*") if p.suffix in (".tsv", ".xz", ".npz")), key=lambda p: p.name)


@dataclass
class Text:
    """All pairs as one run of bytes, so that worker processes share it."""

    buffer: np.ndarray  # uint8
    offsets: np.ndarray  # int64, one more than lines
    weights: np.ndarray  # float32
    names: tuple[str, ...]

    @classmethod
    def load(cls, shards: Sequence[Path], max_chars: int = 900) -> Text:
        """Reads shards of "weight TAB french TAB english"; leaves out pairs with a longer side."""
        if not shards:
            raise FileNotFoundError("no shard-*.tsv.xz: run corpus.py first")
        parts = [cls._packed(p) if p.suffix == ".npz" else cls._read(p, max_chars) for p in shards]
        offsets = [np.zeros(1, np.int64)]
        for p in parts:
            offsets.append(p.offsets[1:] + offsets[-1][-1])
        return cls(np.concatenate([p.buffer for p in parts]), np.concatenate(offsets), np.concatenate([p.weights for p in parts]),
                   tuple(p.name for p in shards))  # fmt: skip

    def pack(self, path: Path) -> None:
        """Writes the text as a shard that is read in no time, in one move."""
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            np.savez(file, buffer=self.buffer, offsets=self.offsets, weights=self.weights)
        part.replace(path)

    @classmethod
    def _packed(cls, path: Path) -> Text:
        kept = np.load(path)
        return cls(kept["buffer"], kept["offsets"], kept["weights"], (path.name,))

    @classmethod
    def _read(cls, path: Path, max_chars: int) -> Text:
        kept: list[bytes] = []
        weights: list[float] = []
        with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                cells = line.rstrip(b"\n").split(b"\t")
                if len(cells) != 3:
                    raise ValueError(f"{path}:{number}: {len(cells)} columns, want 3")
                if len(cells[1]) <= max_chars and len(cells[2]) <= max_chars:
                    weights.append(float(cells[0]))
                    kept.append(cells[1] + b"\t" + cells[2])
        offsets = np.zeros(len(kept) + 1, np.int64)
        np.cumsum([len(x) for x in kept], out=offsets[1:])
        return cls(np.frombuffer(b"".join(kept), np.uint8), offsets, np.array(weights, np.float32), (path.name,))

    def __len__(self) -> int:
        return len(self.weights)

    def pair(self, i: int) -> augment.Pair:
        french, english = self.buffer[self.offsets[i] : self.offsets[i + 1]].tobytes().decode().split("\t")
        return french, english


@dataclass(frozen=True)
class Packing:
    """pairs: per chunk; tokens: per batch and side, padding counted; longest: of a side in tokens; repeat: how often a pass has the text."""

    pairs: int = 20_000
    tokens: int = 4096
    longest: int = 96
    seed: int = 1
    repeat: int = 1


@dataclass
class Batch:
    """Token ids padded with EOS, shapes [rows, length]; lengths count one EOS."""

    source: torch.Tensor
    source_length: torch.Tensor
    target: torch.Tensor
    target_length: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(x.to(device, non_blocking=True) for x in vars(self).values()))

    def pin(self) -> Batch:
        return Batch(*(x.pin_memory() for x in vars(self).values()))


class Chunks(torch.utils.data.Dataset):
    """Chunk i of one pass over the text, as batches."""

    def __init__(self, text: Text, augmenter: augment.Augmenter | None, vocabulary: object, packing: Packing, number: int = 0, power: float = 1) -> None:
        self.text, self.augmenter, self.vocabulary, self.packing, self.number = text, augmenter, vocabulary, packing, number
        rng = np.random.default_rng((packing.seed, number))
        copies = np.floor(packing.repeat * text.weights**power + rng.random(len(text), np.float32)).astype(np.int64)
        self.order = rng.permutation(np.repeat(np.arange(len(text)), copies))

    def __len__(self) -> int:
        return -(-len(self.order) // self.packing.pairs)

    def pairs(self, i: int) -> list[augment.Pair]:
        """The augmented text of chunk i."""
        n = self.packing.pairs
        pairs = [self.text.pair(int(k)) for k in self.order[i * n : (i + 1) * n]]
        if self.augmenter is None:
            return pairs
        return self.augmenter(pairs, random.Random(f"{self.packing.seed}.{self.number}.{i}"))

    def __getitem__(self, i: int) -> list[Batch]:
        pairs = self.pairs(i)
        sources = self.vocabulary.encode([p[0] for p in pairs])
        targets = self.vocabulary.encode([p[1] for p in pairs])
        return batches(sources, targets, self.packing, random.Random(f"{self.packing.seed}.{self.number}.{i}.order"))


def batches(sources: list[list[int]], targets: list[list[int]], packing: Packing, rng: random.Random) -> list[Batch]:
    """Packs pairs of like length together, at most packing.tokens a batch on the longer side, in random order."""
    longest = packing.longest - 1
    rows = [(s + [EOS], t + [EOS]) for s, t in zip(sources, targets) if 0 < len(s) <= longest and 0 < len(t) <= longest]
    rng.shuffle(rows)
    rows.sort(key=lambda r: (int(9 * math.log(max(len(r[0]), len(r[1])))), len(r[0]) - len(r[1])))
    out, start = [], 0
    while start < len(rows):
        end, width = start, 0
        while end < len(rows):
            width = max(width, len(rows[end][0]), len(rows[end][1]))
            if (end - start + 1) * width > packing.tokens and end > start:
                break
            end += 1
        out.append(pad(rows[start:end]))
        start = end
    rng.shuffle(out)
    return out


def pad(rows: Sequence[tuple[list[int], list[int]]]) -> Batch:
    """One batch of (source, target) rows that end in EOS."""

    def side(k: int) -> tuple[torch.Tensor, torch.Tensor]:
        lengths = [len(r[k]) for r in rows]
        ids = np.full((len(rows), max(lengths)), EOS, np.int64)
        for i, r in enumerate(rows):
            ids[i, : lengths[i]] = r[k]
        return torch.from_numpy(ids), torch.tensor(lengths)

    return Batch(*side(0), *side(1))


def stream(chunks: Chunks, first: int, workers: int) -> Iterator[tuple[int, list[Batch]]]:
    """Chunks from number first on, made ahead by worker processes."""
    order = range(first, len(chunks))
    if not workers:
        return ((i, chunks[i]) for i in order)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.Subset(_Sent(chunks), order), batch_size=None, shuffle=False, num_workers=workers,
        prefetch_factor=2, multiprocessing_context="fork",
    )  # fmt: skip
    return ((i, [Batch(*(torch.from_numpy(x.astype(np.int64)) for x in b)) for b in sent.batches]) for i, sent in zip(order, loader))


@dataclass
class _Arrays:
    batches: list[tuple[np.ndarray, ...]]


class _Sent(torch.utils.data.Dataset):
    """Chunks as plain arrays: tensors would each take a file descriptor on their way from a worker."""

    def __init__(self, chunks: Chunks) -> None:
        self.chunks = chunks

    def __getitem__(self, i: int) -> _Arrays:
        return _Arrays([tuple(x.numpy().astype(np.uint16) for x in vars(b).values()) for b in self.chunks[i]])


def main() -> None:
    """python data.py FROM.tsv.xz TO/shard-NN.npz: unpacks a shard for a training that runs and waits for it."""
    source, to = map(Path, sys.argv[1:])
    Text.load([source]).pack(to)


if __name__ == "__main__":
    main()
