"""More misread pages for the corrector's decision than there are raw texts of keyed pages.

Two kinds, both of keyed pages that no raw text is of: read by Tesseract from pictures shrunk until
it errs, and garbled by the channel itself, at four rates. Of the real ones there are too few
documents for weights that hold for others.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image

from pipeline.cleanup.channel import LONGEST, TYPICAL, folded_read
from pipeline.errors import DependencyMissingError
from pipeline.training.fit_channel import AlignedPage, Pair, keyed_text, plain

_WIDTHS = (620, 720, 820, 560)
"""Of the shrunk pictures, in pixels, page by page in turn."""

_LANGUAGES = ("rus", "rus+eng")
_PAGES, _GARBLED, SEED = 24, 14, 5
_RATES = (0.04, 0.08, 0.12, 0.16)
"""Shares of misread letters, page by page in turn."""

_LOUD, _MARKED = 0.05, 0.08
"""Small letters read as capitals, and marks, for each misread letter."""

_MARKS = (".", "·", "~", ";", ":", " ·", " .", "-", "_", "'", ",", " ~")
_MOST_CERTAIN = 0.9


def keyed_ids(real: Path) -> list[str]:
    """The keyed pages that no raw text is of, in an order drawn once."""
    raw = {path.name.split(".")[0] for path in (real / "raw-ocr").glob("*.adobe-*.txt")}
    documents = {re.sub(r"p\d+$", "", page) for page in raw}
    names = sorted(p.name[:-7] for p in (real / "typed-pages" / "train").glob("*.gt.tsv"))
    found = [name for name in names if re.sub(r"p\d+$", "", name) not in documents]
    random.Random(SEED).shuffle(found)  # noqa: S311  a fixed choice, no secret
    return found


def garbled(real: Path, shares: Mapping[Pair, float]) -> Iterator[AlignedPage]:
    """Keyed pages garbled by confusions that have these ``shares``."""
    rng = random.Random(SEED)  # noqa: S311  a fixed choice, no secret
    reads: dict[str, list[Pair]] = defaultdict(list)
    for read, true in shares:
        if true and read != true:
            reads[true].append((read, true))
    for number, name in enumerate(keyed_ids(real)[:_GARBLED]):
        text = plain(keyed_text(real, name))
        misread = _misread(text, reads, shares, _RATES[number % len(_RATES)], rng)
        yield AlignedPage(name=f"{name}.garbled", document=name, read=plain(misread), true=text)


def _misread(
    text: str,
    reads: Mapping[str, list[Pair]],
    shares: Mapping[Pair, float],
    rate: float,
    rng: random.Random,
) -> str:
    out: list[str] = []
    low = folded_read(text)
    place = 0
    while place < len(text):
        size = 1
        read = text[place].upper() if rng.random() < rate * _LOUD else text[place]
        for length in range(LONGEST, 0, -1):
            pairs = reads.get(low[place : place + length], ())
            total = sum(shares[pair] for pair in pairs) * rate / TYPICAL
            if pairs and rng.random() < min(_MOST_CERTAIN, total):
                weights = [shares[pair] for pair in pairs]
                read = rng.choices(pairs, weights)[0][0]
                size = length
                if text[place].isupper() and read.isalpha():
                    read = read.upper()
                break
        out.append(read)
        place += size
        if rng.random() < rate * _MARKED:
            out.append(rng.choice(_MARKS))
    return "".join(out)


def pages_read(real: Path, folder: Path) -> list[AlignedPage]:
    """The texts ``ID.*.txt`` of ``folder``, with the truth of the keyed page ``ID``."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        name = path.name.split(".")[0]
        text = plain(path.read_text(encoding="utf-8"))
        true = plain(keyed_text(real, name))
        found.append(AlignedPage(name=path.name, document=name, read=text, true=true))
    return found


def read_small(real: Path, folder: Path) -> str:
    """Read keyed pages shrunk, with Tesseract, into ``folder``; gives what was done.

    Raises:
        DependencyMissingError: Tesseract or Poppler is not installed.

    """
    for program in ("tesseract", "pdftoppm"):
        if shutil.which(program) is None:
            raise DependencyMissingError(program, "is needed to read pages shrunk")
    folder.mkdir(parents=True, exist_ok=True)
    names = keyed_ids(real)[:_PAGES]
    for number, name in enumerate(names):
        with tempfile.TemporaryDirectory() as scratch:
            picture = _picture(real / "typed-pages" / "train", name, Path(scratch))
            image = Image.open(picture).convert("L")
            width = _WIDTHS[number % len(_WIDTHS)]
            height = image.height * width // image.width
            small = Path(scratch) / "small.png"
            image.resize((width, height), Image.Resampling.BICUBIC).save(small)
            language = _LANGUAGES[number % len(_LANGUAGES)]
            text = _run("tesseract", str(small), "-", "-l", language, "--psm", "4", "--dpi", "70")
        (folder / f"{name}.small.txt").write_text(text, encoding="utf-8")
    return f"{folder}: {len(names)} pages"


def _picture(train: Path, name: str, scratch: Path) -> Path:
    if (train / f"{name}.png").exists():
        return train / f"{name}.png"
    target = scratch / "page"
    pdf = str(train / f"{name}.pdf")
    _run("pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", pdf, str(target))
    return target.with_suffix(".png")


def _run(*command: str) -> str:
    one = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=one).stdout
