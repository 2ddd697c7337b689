"""Word translation tables of the vocabulary's pieces, learned from the text by expectation maximisation.

usage: python align.py --text DIR --vocab FILE --out FILE.pt [--pairs 400000]

The model is fast_align's (Dyer, Chahuneau and Smith 2013: IBM model 2 with a diagonal prior) over pieces,
in both directions, as dense tables on whatever device there is. From them come, for each batch and
without storing anything, the soft alignments that guide the decoder's attention; the shortlist; the
lexicon of term annotations; and the embeddings that a small model starts from.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

import data
import model as m

_DIAGONAL, _NULL, _FLOOR = 4.0, 0.08, 1e-7


@dataclass
class Tables:
    """forward[s, t] = p(t | s), backward[t, s] = p(s | t), counts[s, t] expected links; all [pieces, pieces].

    The word that stands for no word is EOS.
    """

    forward: Tensor
    backward: Tensor
    counts: Tensor

    def save(self, path: Path) -> None:
        """Writes the entries worth keeping; a table of 16,000 pieces is sparse."""
        keep = (self.counts > 0.5) | (self.forward > 0.01)
        where = keep.nonzero()
        torch.save({"pieces": self.forward.shape[0], "where": where.int().cpu(), "forward": self.forward[keep].half().cpu(),
                    "backward": self.backward.t()[keep].half().cpu(), "counts": self.counts[keep].cpu()}, path)  # fmt: skip

    @classmethod
    def load(cls, path: Path, device: torch.device | str = "cpu") -> Tables:
        kept = m.read(path, device)
        n, (s, t) = kept["pieces"], kept["where"].long().unbind(1)
        tables = [torch.zeros(n, n, device=device) for _ in range(3)]
        tables[0][s, t] = kept["forward"].float()
        tables[1][t, s] = kept["backward"].float()
        tables[2][s, t] = kept["counts"].float()
        return cls(*tables)

    def soft(self, batch: data.Batch) -> tuple[Tensor, Tensor]:
        """Alignment [rows, target, source], each row of sources sums to one, and its trust [rows, target] from 0 to 1."""
        f = _posterior(self.forward, batch.source, batch.source_length, batch.target, batch.target_length)
        b = _posterior(self.backward, batch.target, batch.target_length, batch.source, batch.source_length).transpose(1, 2)
        agreed = (f * b).sqrt()
        rows = torch.arange(len(agreed), device=agreed.device)
        last_t, last_s = batch.target_length - 1, batch.source_length - 1
        agreed[rows, :, last_s] = 0
        agreed[rows, last_t] = 0
        agreed[rows, last_t, last_s] = 1
        total = agreed.sum(-1)
        return agreed / total.clamp(min=1e-6)[..., None], total.clamp(max=1)


def _posterior(table: Tensor, given: Tensor, given_length: Tensor, made: Tensor, made_length: Tensor) -> Tensor:
    """p(link of made token j to given token i), shape [rows, made, given]; zero for padding."""
    device = given.device
    m, n = (given_length - 1).clamp(min=1), (made_length - 1).clamp(min=1)
    i = (torch.arange(given.shape[1], device=device) + 0.5) / m[:, None]
    j = (torch.arange(made.shape[1], device=device) + 0.5) / n[:, None]
    score = (i[:, None, :] - j[:, :, None]).abs_().mul_(-_DIAGONAL).exp_()
    # Behind the last token stands EOS, the word for no word, and then padding.
    given_mask = (i <= 1).float()
    score.mul_(given_mask[:, None, :])
    score[torch.arange(len(score), device=device), :, given_length - 1] = 4 * _NULL
    score.mul_(table.view(-1)[given[:, None, :] * table.shape[1] + made[:, :, None]].add_(_FLOOR))
    score.mul_((j <= 1).float()[:, :, None])
    return score.div_(score.sum(-1, keepdim=True).clamp_(min=1e-30))


def learn(batches: Iterable[data.Batch], pieces: int, iterations: int = 5, log: bool = False, device: torch.device | str = "cpu") -> Tables:
    """Tables from batches, which are gone through iterations times."""
    batches = [b.to(torch.device(device)) for b in batches]
    tables = [torch.full((pieces, pieces), 1.0 / pieces, device=device) for _ in range(2)]
    counts = [torch.empty(0)] * 2
    for number in range(iterations):
        started = time.monotonic()
        for side in range(2):
            total = torch.zeros(pieces * pieces, device=device)
            for b in batches:
                given, gl, made, ml = b.source, b.source_length, b.target, b.target_length
                if side:
                    given, gl, made, ml = made, ml, given, gl
                p = _posterior(tables[side], given, gl, made, ml)
                where = given[:, None, :] * pieces + made[:, :, None]
                total.index_add_(0, where.view(-1), p.view(-1))
            counts[side] = total.view(pieces, pieces)
            tables[side] = counts[side] / (counts[side].sum(1, keepdim=True) + 0.5)
        if log:
            print(f"align: iteration {number + 1} of {iterations}, {time.monotonic() - started:.0f} s", flush=True)
    return Tables(tables[0], tables[1], torch.minimum(counts[0], counts[1].t()))


def embeddings(tables: Tables, dim: int, seed: int = 1) -> Tensor:
    """Vectors [pieces, dim] of length about one in which pieces that translate each other are near.

    Principal components of the positive mutual information of links, made symmetric over the joint
    vocabulary: a small model begins as a dictionary instead of learning one.
    """
    links = tables.counts.clone()
    links[data.EOS] = links[:, data.EOS] = 0
    links = links + links.t()
    one = links.sum(1).clamp(min=1e-3)
    information = (links * links.sum() / (one[:, None] * one[None])).clamp(min=1).log() * (links > 0.5)
    information = information * (links / (links + 3))
    information.diagonal().add_(information.amax(1))
    generator = torch.Generator().manual_seed(seed)
    basis = torch.randn(links.shape[0], dim + 32, generator=generator).to(links.device)
    for _ in range(5):
        basis = torch.linalg.qr(information @ basis)[0]
    values, vectors = torch.linalg.eigh(basis.t() @ (information @ basis))
    vectors = (basis @ vectors)[:, -dim:] * values[-dim:].clamp(min=0).sqrt()
    length = vectors.norm(dim=1, keepdim=True)
    random = torch.randn(vectors.shape, generator=generator).to(links.device) / dim**0.5
    # Rotated, so that no dimension is special; pieces that were never linked get a random vector.
    rotation = torch.linalg.qr(torch.randn(dim, dim, generator=generator))[0].to(links.device)
    return torch.where(length > 1e-3, vectors @ rotation / length.clamp(min=1e-3), random)


def lexicon(tables: Tables, vocabulary: object) -> dict[str, list[str]]:
    """French words that are one piece, with the English one-piece words that translate them."""
    mutual = tables.forward * tables.backward.t()
    out: dict[str, list[str]] = {}
    for s, t in ((mutual > 0.12) & (tables.counts > 3)).nonzero().tolist():
        source, target = vocabulary.id_to_piece(s), vocabulary.id_to_piece(t)
        if source[0] == target[0] == "\u2581" and len(source) > 4 and len(target) > 3 and source[1:].isalpha() and target[1:].isalpha():
            out.setdefault(source[1:], []).append(target[1:])
    return out


def main(argv: list[str] | None = None) -> None:
    import sentencepiece

    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--text", type=Path, required=True)
    args.add_argument("--vocab", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--pairs", type=int, default=400_000)
    args.add_argument("--longest", type=int, default=60)
    args.add_argument("--iterations", type=int, default=5)
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a = args.parse_args(argv)
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab))
    text = data.Text.load(data.shards(a.text))
    packing = data.Packing(pairs=20_000, tokens=16_384, longest=a.longest)
    found: list[data.Batch] = []
    for i, chunk in data.stream(data.Chunks(text, None, vocabulary, packing), 0, a.workers):
        found += chunk
        if (i + 1) * packing.pairs >= a.pairs:
            break
    tables = learn(found, -(-vocabulary.get_piece_size() // 8) * 8, a.iterations, True, a.device)
    tables.save(a.out)
    words = lexicon(tables, vocabulary)
    print(f"align: {len(words)} words in the lexicon, for example", dict(list(words.items())[:12]))


if __name__ == "__main__":
    main()
