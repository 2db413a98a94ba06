"""Labelled test scans: typed telegrams, letters, pages of files, damaged to order."""

from __future__ import annotations

from pipeline.facsimile.faces import find_faces
from pipeline.facsimile.maker import Facsimile, draw_facsimile, make_facsimiles
from pipeline.facsimile.random_content import KINDS, TRAITS
from pipeline.facsimile.sets import make_set, set_names

__all__ = [
    "KINDS",
    "TRAITS",
    "Facsimile",
    "draw_facsimile",
    "find_faces",
    "make_facsimiles",
    "make_set",
    "set_names",
]
