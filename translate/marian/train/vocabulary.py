"""Trains the joint SentencePiece vocabulary on the shards' text, with the ids that the engine expects.

usage: python vocabulary.py --text DIR --out DIR/vocab.fren.spm [--pieces 16000]

Ids: 0 </s>, 1 <unk>, 2 to 6 __source__ __target__ __done__ __start__ __end__, 7 to 262 the bytes,
then pieces by score. Digits are single pieces, so that numbers are copied digit by digit.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

import sentencepiece

import augment
import data

SYMBOLS = "__source__,__target__,__done__,__start__,__end__"


def train(sentences: Iterator[str], out: Path, pieces: int, threads: int = 2) -> None:
    """Writes a vocabulary of at most that many pieces, a multiple of eight with the byte pieces."""
    with out.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=sentences, model_writer=file, vocab_size=pieces, hard_vocab_limit=False,
            bos_id=-1, eos_id=0, unk_id=1, user_defined_symbols=SYMBOLS, byte_fallback=True, split_digits=True,
            character_coverage=0.9995, num_threads=threads, minloglevel=1,
        )  # fmt: skip


def main(argv: list[str] | None = None) -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--text", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--pieces", type=int, default=16000)
    args.add_argument("--pairs", type=int, default=400_000, help="pairs of the first shards to learn from")
    a = args.parse_args(argv)
    text = data.Text.load(data.shards(a.text)[:2])
    augmenter = augment.Augmenter(rates=augment.Rates(join=0, number=0, term=0, placeholder=0))
    pairs = data.Chunks(text, augmenter, None, data.Packing(pairs=a.pairs), power=3).pairs(0)
    train(itertools.chain.from_iterable(pairs), a.out, a.pieces)


if __name__ == "__main__":
    main()
