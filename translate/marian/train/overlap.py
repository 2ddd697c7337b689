"""Finds training pairs that share a long word sequence with an evaluation set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Lower-cased alphanumeric words of text."""
    return _WORD.findall(text.lower())


class Overlap:
    """The word n-grams of evaluation sets, French and English alike.

    A sentence shorter than n words counts as overlapping only when it is, whole, a sentence of a set.
    """

    def __init__(self, files: Iterable[Path], n: int = 8) -> None:
        self.n = n
        self.grams: set[tuple[str, ...]] = set()
        self.short: set[tuple[str, ...]] = set()
        for file in files:
            for line in file.read_text(encoding="utf-8").splitlines():
                w = words(line)
                if len(w) < n:
                    if len(w) > 3:
                        self.short.add(tuple(w))
                else:
                    self.grams.update(zip(*(w[i:] for i in range(n))))

    def __contains__(self, text: str) -> bool:
        w = words(text)
        if len(w) < self.n:
            return tuple(w) in self.short
        return not self.grams.isdisjoint(zip(*(w[i:] for i in range(self.n))))
