"""Figures as they are typed and read: ``О`` for 0, ``З`` for 3, ``I``, ``l``, ``Т`` for 1."""

from __future__ import annotations

import regex

FIGURE = "[0-9ОоOЗIlІТт|б]"
"""A class of a regular expression: what may stand for one figure."""

_FIGURES = str.maketrans("ОоOЗIlІТт|б", "00031111116")


def figures(read: str) -> str:
    """The figures that ``read`` stands for; other signs are left out."""
    return "".join(c for c in read.translate(_FIGURES) if c in "0123456789")


def clean_name(read: str) -> str:
    """``read`` without what is no letter at its ends."""
    return regex.sub(r"^[^\p{L}]+|[^\p{L}]+$", "", read)
