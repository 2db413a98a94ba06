"""Labelled test scans: typed telegrams on a printed form, damaged to order."""

from __future__ import annotations

from pipeline.facsimile.faces import find_faces
from pipeline.facsimile.maker import draw_facsimile, make_facsimiles

__all__ = ["draw_facsimile", "find_faces", "make_facsimiles"]
