"""Lines of whole documents without a keyed text: taken where two readings of them agree.

The second reading is a text layer where there is one (``ID.layer.txt``; that of ``PROOFREAD`` is
nearly a truth and stands where they differ a little), an edited text (``ID.edited.txt``), else
Tesseract's. Lines with a character of which two readers of Russian cannot know whether it is Latin
are left out, and so are those that were keyed: they are there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import regex
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from pipeline.config import Settings
from pipeline.ocr import open_engine
from pipeline.ocr.typewriter import Typewriter
from pipeline.scans import open_scan
from pipeline.training.keyed import Piece, folded, learnable, pieces_of, typed
from pipeline.training.pages import Sample
from pipeline.training.real_lines import RealLine

PROOFREAD = "bemsh"
"""The document whose layer was read by a person."""

ASKED = 160
"""Lines of a document that Tesseract is asked for, half of them with figures."""

_EVERY, _MANY = 2, 50
"""Of a document of many pages without a layer every other one is read."""

_ALIKE = 0.85
"""Least likeness of a reading to a line of the proof-read layer."""

_LEAST, _LEAST_EDITED, _LEAST_LAYER = 10, 25, 4
"""Characters of a line that agreement is trusted on, by where the second reading is from."""

_CONFIDENT = 0.8
_LATIN = regex.compile(r"[A-Zl]")
_CAPITALS = regex.compile(r"[А-ЯЁ]{2,}")
_EITHER = frozenset("АВСЕНКМОРТХУ")
_LEADERS = regex.compile(r"\.{6}")


def agreed_lines(
    folder: Path, keyed: Iterable[RealLine], reader: Typewriter, settings: Settings
) -> Iterator[RealLine]:
    """The lines of the documents (``ID.pdf``) in ``folder`` on which two readings agree."""
    there = {folded(x.sample.text) for x in keyed if len(x.sample.text) > 12}
    engine = open_engine(settings.ocr)
    for path in sorted(folder.glob("*.pdf")):
        found = list(_pieces(path, reader, settings))
        for page, piece, text, kind in _layered(path, found):
            if folded(piece.text) not in there:
                yield RealLine(Sample(piece.pixels, text), path.stem, page, kind)
        if path.stem == PROOFREAD:
            continue
        asked = _asked([(page, x) for page, x in found if folded(x.text) not in there])
        read = engine.read_lines([piece.pixels for _, piece in asked])
        for (page, piece), other in zip(asked, read, strict=True):
            own = typed(piece.text)
            sample = Sample(piece.pixels, own)
            if _agree(own, typed(other.text)) and learnable(sample):
                yield RealLine(sample, path.stem, page, "tesseract")


def _pieces(path: Path, reader: Typewriter, settings: Settings) -> Iterator[tuple[str, Piece]]:
    with open_scan(path, settings.input) as scan:
        every = 1 if scan.page_count < _MANY or path.stem == PROOFREAD else _EVERY
        for number in range(1, scan.page_count + 1, every):
            pixels = scan.load(number).pixels
            if pixels is not None:
                name = f"{path.stem}-{number:03}"
                yield from ((name, x) for x in pieces_of(pixels, reader, settings) if x.alone)


def _asked(pieces: Sequence[tuple[str, Piece]]) -> list[tuple[str, Piece]]:
    """Russian lines read with some confidence, half of them with figures, drawn by chance."""
    fit = [
        x
        for x in pieces
        if len(x[1].text) >= 15
        and x[1].confidence > _CONFIDENT
        and sum("а" <= c <= "я" for c in x[1].text) > 0.5 * len(x[1].text)
    ]
    order = np.random.default_rng(3).permutation(len(fit))
    with_figures = [fit[i] for i in order if any(c.isdigit() for c in fit[i][1].text)]
    without = [fit[i] for i in order if not any(c.isdigit() for c in fit[i][1].text)]
    half = with_figures[: ASKED // 2]
    return half + without[: ASKED - len(half)]


def _layered(
    path: Path, pieces: Sequence[tuple[str, Piece]]
) -> Iterator[tuple[str, Piece, str, str]]:
    """Pieces whose reading a text beside the document bears out: page, piece, text, kind."""
    layer, edited = path.with_suffix(".layer.txt"), path.with_suffix(".edited.txt")
    lines = _layer_lines(layer) if layer.exists() else []
    if lines:
        bare = [_squeezed(folded(x)) for x in lines]
        for page, piece in pieces:
            own = typed(piece.text)
            best = process.extractOne(
                _squeezed(folded(own)), bare, scorer=Levenshtein.normalized_similarity
            )
            text = lines[best[2]]
            if path.stem == PROOFREAD:
                fits = best[1] >= _ALIKE and min(len(text), len(own)) >= _LEAST_LAYER
            else:
                text, fits = own, _agree(own, text)
            if fits and not _LEADERS.search(text) and learnable(Sample(piece.pixels, text)):
                yield page, piece, text, "layer"
    elif edited.exists():
        whole = " ".join(edited.read_text("utf-8").split())
        for page, piece in pieces:
            text = _found_in(typed(piece.text), whole)
            if text and learnable(Sample(piece.pixels, text)):
                yield page, piece, text, "edited"


def _layer_lines(path: Path) -> list[str]:
    return [x for x in map(_whole, path.read_text("utf-8").splitlines()) if x]


def _whole(line: str) -> str:
    """A line of a layer as typed; a soft hyphen at its end is the typed one."""
    line = line.strip()
    return typed(line.replace("\u00ad", "-") if line.endswith("\u00ad") else line)


def _found_in(own: str, whole: str) -> str:
    """What stands for ``own`` in a text of other line breaks; empty where that is not sure."""
    if len(own) < _LEAST_EDITED:
        return ""
    place = fuzz.partial_ratio_alignment(own, whole, score_cutoff=90)
    if place is None:
        return ""
    text = typed(whole[place.dest_start : place.dest_end])
    if not text or text[0] != own[0] or text[-1] != own[-1] or abs(len(text) - len(own)) > 3:
        return ""
    return text if Levenshtein.distance(own, text) <= 0.08 * len(own) else ""


def _agree(own: str, other: str) -> bool:
    """Whether two readings are one, spaces aside, and none of its letters may be Latin."""
    doubtful = _LATIN.search(own) or any(set(x) <= _EITHER for x in _CAPITALS.findall(own))
    return len(own) >= _LEAST and _squeezed(own) == _squeezed(other) and not doubtful


def _squeezed(text: str) -> str:
    return text.replace(" ", "")
