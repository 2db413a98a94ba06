"""Measure ``config/fitted/misreadings.toml``: how often a letter is read as another.

Draws facsimiles with seeds of their own (none of those of the sets) and the typewriters of the
set ``dev``, a quarter of the pages for each severity, reads them as ``depesha run`` does, lays
each read line beside the true line at its place and counts. 200 pages take about five minutes
on two cores.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import cast

import cv2

from pipeline.config import Settings
from pipeline.evaluate.align import Operation, OpKind, align
from pipeline.facsimile.maker import draw_sheet, write_facsimile
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.typesetting import plan
from pipeline.ground_truth import find_truth
from pipeline.model import LineKind
from pipeline.process import read_page
from pipeline.resources import facsimile as data
from pipeline.resources.facsimile import Kind
from pipeline.scans import open_scan
from pipeline.store import write_atomic

SEED = 63000
"""The first of the seeds; the sets have 41000 and 87000 and the few hundred after these."""

PAGES = 200
_KINDS: tuple[Kind, ...] = ("telegram", "letter", "list")
"""What was drawn when the table that ships was counted."""

FEWEST = 4
"""Times that a pair must have been seen to be written down."""

LEAST = 0.0002
"""And the least share of the true letters that were read so."""

Pair = tuple[str, str]
_GAP = re.compile("(?<=[а-я]) (?=[а-я])")


def measure_misreadings(out: Path, pages: int = PAGES, keep: Path | None = None) -> str:
    """Draw ``pages`` pages, read them, count, write the file ``out``; says how much it holds.

    ``keep``: where the lines are kept; they are taken from there where it exists.
    """
    if keep is not None and keep.is_file():
        lines = [tuple(row) for row in json.loads(keep.read_text(encoding="utf-8"))]
    else:
        lines = list(_read_all(pages))
        if keep is not None:
            keep.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    text = _as_toml(*count(cast("list[Pair]", lines)), pages)
    write_atomic(out, text.encode())
    return f"{out}: {text.count('=')} rows from {len(lines)} lines"


def _read_all(pages: int) -> Iterator[Pair]:
    cv2.setNumThreads(1)
    with ProcessPoolExecutor(2) as pool:
        for done, lines in enumerate(pool.map(_page_lines, range(pages)), start=1):
            sys.stderr.write(f"\r{done} of {pages} pages")
            yield from lines
    sys.stderr.write("\n")


def _page_lines(number: int) -> list[Pair]:
    """Page ``number``, drawn and read: its lines of text as typed, and as read."""
    seed, severity = SEED + number, number % 4
    faces = data.sets().sets["dev"].faces
    kind: Kind = _KINDS[number // 4 % len(_KINDS)]
    content = make_content(seed, ContentSpec(kind=kind, faces=faces))
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw_sheet(content, plan(content, seed), 0, severity, seed)
        return _pairs_of(write_facsimile(Path(folder), "page", drawn))


def _pairs_of(path: Path) -> list[Pair]:
    settings = Settings()
    with open_scan(path, settings.input) as scan:
        read = read_page(scan.load(1), settings).lines
    truth = find_truth(path.stem, path.parent)
    if truth is None:
        raise SystemExit(f"{path}: has no truth beside it")
    pairs = []
    for line in truth.lines:
        if line.kind is not LineKind.BODY or line.box is None or not line.text:
            continue
        box = line.box
        here = [x for x in read if x.box and x.box.share_inside(box) > 0.6]
        if len(here) == 1 and here[0].box and box.share_inside(here[0].box) > 0.6:
            pairs.append((line.text, here[0].raw))
    return pairs


def count(lines: Iterable[Pair]) -> tuple[Counter[Pair], Counter[str]]:
    """How often which was ``(read, true)``, and how often each ``true`` stood there.

    Only small Cyrillic letters and spaces between them count, two at most for two at most
    (none: what was lost, or read where nothing stood), with letters of their word read right
    on both sides, or a word's edge: what stands beside other damage says little. What "stood"
    of nothing is the number of places between two letters of a word.
    """
    pairs: Counter[Pair] = Counter()
    stood: Counter[str] = Counter()
    for typed, read in lines:
        true, got = typed.replace("ё", "е"), read.replace("ё", "е")
        stood.update(c for c in true if _letters(c))
        twos = [a + b for a, b in pairwise(true)]
        stood.update(two for two in twos if _letters(two))
        stood[""] += sum(1 for two in twos if _letters(two))
        stood[" "] += len(_GAP.findall(true))
        pairs.update(_confused(f" {true} ", f" {got} "))
    return pairs, stood


def _confused(true: str, read: str) -> Iterator[Pair]:
    operations = align(true, read)
    for first, last in _runs(operations):
        before, after = operations[first - 1], operations[last + 1]
        start, stop = before.stop, after.start
        other_start, other_stop = before.other_stop, after.other_start
        was, became = true[start:stop], read[other_start:other_stop]
        edges = true[start - 1] + true[stop]
        sound = all(c == " " or _letters(c.lower()) for c in edges) and edges != "  "
        small = all(_letters(x) or x == " " for x in (was, became))
        if sound and small and len(was) <= 2 and len(became) <= 2:
            yield became, was


def _runs(operations: Sequence[Operation]) -> Iterator[tuple[int, int]]:
    """First and last of each run of operations that are no matches, between matches."""
    equal = [n for n, x in enumerate(operations) if x.kind is OpKind.EQUAL]
    for left, right in pairwise(equal):
        if right - left > 1:
            yield left + 1, right - 1


def _letters(text: str) -> bool:
    return all("а" <= c <= "я" for c in text)


def _as_toml(pairs: Counter[Pair], stood: Counter[str], pages: int) -> str:
    rows: dict[str, list[tuple[float, str, int]]] = {}
    for (read, true), seen in pairs.items():
        share = seen / max(1, stood[true])
        if seen >= FEWEST and share >= LEAST:
            rows.setdefault(read, []).append((share, true, seen))
    body = "".join(
        f'"{read}" = {{ {", ".join(_entry(*entry) for entry in sorted(entries, reverse=True))} }}\n'
        for read, entries in sorted(rows.items(), key=lambda x: (len(x[0]), x[0]))
    )
    return (
        _HEADER.format(
            pages=pages, letters=sum(stood[c] for c in stood if _letters(c) and len(c) == 1)
        )
        + body
    )


def _entry(share: float, true: str, seen: int) -> str:
    return f'"{true}" = [{share:.5f}, {seen}]'


_HEADER = """\
# Measured: how often Tesseract reads a letter of true text as another, over all severities of
# facsimiles together. Made by `python -m pipeline.training misreadings` from
# {pages} pages, {letters} letters.
# For what was read: each letter that it may have been, with the share of such letters that
# were read so, and how often that was seen. Two letters for one and one for two are there too,
# and "" is nothing: what was lost, or read where nothing stood (a share of all such places).
# Example: "н" = {{ "к" = [0.00100, 12] }}: one к in a thousand was read as н, twelve times.
[read]
"""
