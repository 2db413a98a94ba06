"""Pages of the benchmark sets as they are read: by our own lines, and by stock Tesseract.

Reading is the slow part, so what was read is kept in a folder, under a name made from the
picture, the settings and the code that reads: a change of any of them reads anew.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from pipeline.config import Settings, flatten
from pipeline.facsimile import make_set
from pipeline.ground_truth import Truth, find_truth
from pipeline.layout.text import text_lines
from pipeline.model import Box, Page, Scan, Word
from pipeline.process import read_page
from pipeline.recognize_page import readers
from pipeline.scans import open_scan

PIPELINE = Path(__file__).parents[1]
_READING_CODE = ("preprocess", "layout", "ocr", "scans")
_READING_FILES = (
    "recognize_page.py",
    "components.py",
    "pixels.py",
    "character_lm.py",
    "lexicon.py",
    "alphabet.py",
)


@dataclass(frozen=True, kw_only=True)
class SetPage:
    """One page of a set: its truth and both readings, not yet judged.

    ``own``: our lines. ``stock``: the text of ``tesseract --psm 3`` as a file would hold it,
    without boxes or confidences. ``stock_places``: for each of its lines the box and the
    engine's confidence, for scoring and for rivals that need one.
    """

    stem: str
    severity: int
    truth: Truth
    own: Page
    stock: Page
    stock_places: tuple[Word, ...]


@dataclass(frozen=True, kw_only=True)
class _Stock:
    text: str
    places: tuple[Word, ...]


def set_pages(name: str, settings: Settings, folder: Path) -> Iterator[SetPage]:
    """The pages of the set ``name``, drawn and read into ``folder`` where they are not yet."""
    for path in set_pictures(name, folder):
        truth = find_truth(path.stem, path.parent)
        assert truth is not None  # noqa: S101  the maker wrote it
        own = own_page(path, settings, folder / "readings")
        stock = _stock(path, folder / "stock")
        yield SetPage(
            stem=path.stem,
            severity=int(path.stem.split("-s")[1][0]),
            truth=truth,
            own=own,
            stock=Page(number=1, scan=Scan(path=path.name), lines=text_lines(stock.text, 1)),
            stock_places=stock.places,
        )


def set_pictures(name: str, folder: Path) -> list[Path]:
    """The pictures of the set ``name``, drawn into ``folder`` where they are not yet."""
    pictures = folder / name
    marker = pictures / ".complete"
    if not marker.exists():
        make_set(name, pictures)
        marker.touch()
    return sorted(p for p in pictures.iterdir() if p.suffix in (".jpg", ".png", ".tif"))


def own_page(path: Path, settings: Settings, store: Path) -> Page:
    """The page ``path`` as our lines read it, from ``store`` where it was read before."""
    kept = store / f"{path.stem}-{_key(path, settings)}.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Page)
    store.mkdir(parents=True, exist_ok=True)
    with open_scan(path, settings.input) as scan:
        page = read_page(scan.load(1), settings)
    kept.write_bytes(msgspec.json.encode(page))
    return page


def _stock(path: Path, store: Path) -> _Stock:
    digest = hashlib.sha256(path.read_bytes() + program_version().encode()).hexdigest()[:16]
    kept = store / f"{path.stem}-{digest}.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=_Stock)
    store.mkdir(parents=True, exist_ok=True)
    text, places = stock_text(path)
    found = _Stock(text=text, places=places)
    kept.write_bytes(msgspec.json.encode(found))
    return found


@cache
def program_version() -> str:
    """The version of the ``tesseract`` program."""
    done = subprocess.run(["tesseract", "--version"], capture_output=True, check=True)
    return done.stdout.decode().split("\n")[0]


def _key(path: Path, settings: Settings) -> str:
    digest = hashlib.sha256(path.read_bytes())
    sources = [source for room in _READING_CODE for source in PIPELINE.glob(f"{room}/*.py")]
    for source in sorted([*sources, *(PIPELINE / name for name in _READING_FILES)]):
        digest.update(source.read_bytes())
    used = [pair for pair in flatten(settings) if pair[0].startswith(_READING_CODE)]
    digest.update(repr((used, readers(settings.ocr).provenance())).encode())
    return digest.hexdigest()[:16]


def stock_text(path: Path) -> tuple[str, tuple[Word, ...]]:
    """What ``tesseract PATH --psm 3`` writes; of each line that is not blank its place."""
    base = ["tesseract", str(path), "stdout", "-l", "rus", "--psm", "3"]
    text, table = (
        subprocess.run([*base, *more], capture_output=True, check=True, timeout=300).stdout.decode()
        for more in ((), ("tsv",))
    )
    text = text.replace("\f", "")
    places = _places(table)
    rows = sum(1 for row in text.splitlines() if row.strip())
    if rows != len(places):
        raise ValueError(f"{path.name}: {rows} lines of text, {len(places)} with a place")
    return text, places


def _places(table: str) -> tuple[Word, ...]:
    lines: dict[tuple[str, ...], list[Word]] = {}
    head, *rows = [row.split("\t") for row in table.splitlines()]
    at = {name: place for place, name in enumerate(head)}
    for row in rows:
        if row[at["level"]] != "5" or not row[at["text"]].strip():
            continue
        left, top, width, height = (int(row[at[k]]) for k in ("left", "top", "width", "height"))
        box = Box(left=left, top=top, right=left + width, bottom=top + height)
        word = Word(text=row[at["text"]], box=box, confidence=float(row[at["conf"]]) / 100)
        place = tuple(row[at[k]] for k in ("block_num", "par_num", "line_num"))
        lines.setdefault(place, []).append(word)
    return tuple(_line(words) for words in lines.values())


def _line(words: list[Word]) -> Word:
    known = [w.confidence for w in words if w.confidence is not None]
    return Word(
        text=" ".join(w.text for w in words),
        box=Box.around(w.box for w in words if w.box is not None),
        confidence=sum(known) / len(known) if known else None,
    )
