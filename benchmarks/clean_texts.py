"""What cleaning does to texts in which nothing should be changed, or that should be dropped.

Usage: ``python benchmarks/clean_texts.py [SOURCE ...] [--words N] [--shared FOLDER] [--edits]``.
Sources are ``period`` and ``newer`` (prose beside the checkout, its first N words each), ``other``
(Bulgarian, old orthography, Ukrainian), ``noise`` (lines of English misread as Cyrillic, true lines
of keyed pages, a Russian page read as English); without any, all of them. Edits are those of the
diplomatic layer, but for characters that no reader sees. ``--edits`` shows each of them.
"""

from __future__ import annotations

import argparse
import itertools
import lzma
import os
import re
import tarfile
import textwrap
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from keyed_pages import keyed_lines

from pipeline.config import Settings, load_settings
from pipeline.model import Document, Edit, Layer, Line, Verdict
from pipeline.process import process_text

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("DEPESHA_SHARED", ROOT.parent / "shared"))
SOURCES = ("period", "newer", "other", "noise")
_PERIOD, _NEWER = "corpus/stalin-works-vol-01-15.tar.xz", "corpus/rnc-sentences.txt.xz"
_WIDTH, _AT_ONCE = 64, 5000
"""Characters of a line; words of a text that is cleaned at once."""

_WORD = re.compile(r"\w+")


def main() -> int:
    """Print a row for each text, or for each source of prose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", choices=[*SOURCES, []])
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--edits", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    for source in options.sources or SOURCES:
        if source == "noise":
            _noise(options.shared / "real", settings)
        elif source == "other":
            _show(_others(options.shared), settings, show=options.edits)
        else:
            texts = _prose(options.shared, source, options.words)
            _show(((source, text) for text in texts), settings, show=options.edits)
    return 0


def _show(texts: Iterable[tuple[str, str]], settings: Settings, *, show: bool) -> None:
    """Rows of texts, those of one name together."""
    for name, group in itertools.groupby(texts, key=lambda pair: pair[0]):
        words = dropped = size = 0
        edits: list[Edit] = []
        started = time.process_time()
        for _, text in group:
            document = process_text(text, name, settings, source=name)
            edits += _edits(document)
            words += len(_WORD.findall(text))
            size += len(text.encode())
            dropped += sum(len(_WORD.findall(line.raw)) for line in _dropped(document))
        seconds = time.process_time() - started
        print(
            f"{name:12} {words:8} words: {len(edits)} edits, {dropped} words in dropped lines;"
            f" {seconds * 1e6 / max(1, size):.0f} s of processor time a megabyte",
            flush=True,
        )
        if show:
            for edit in edits:
                print(f"    {edit.rule}: {edit.before!r} -> {edit.after!r}")


def _edits(document: Document) -> list[Edit]:
    return [
        edit
        for line in document.lines
        for edit in line.edits
        if edit.layer is Layer.DIPLOMATIC and edit.rule != "invisible"
    ]


def _dropped(document: Document) -> list[Line]:
    return [line for line in document.lines if line.verdict is Verdict.DROP]


def _prose(shared: Path, source: str, words: int) -> Iterator[str]:
    path = shared / (_PERIOD if source == "period" else _NEWER)
    if not path.is_file():
        print(f"{path}: missing; skipped")
        return
    left = words
    some: list[str] = []
    for paragraph in _paragraphs(path):
        some.append(textwrap.fill(paragraph, _WIDTH))
        left -= len(_WORD.findall(paragraph))
        if left <= 0 or sum(len(x.split()) for x in some) >= _AT_ONCE:
            yield "\n".join(some)
            some = []
        if left <= 0:
            return


def _paragraphs(path: Path) -> Iterator[str]:
    if path.name.endswith(".tar.xz"):
        with tarfile.open(path) as archive:
            for member in archive:
                if (file := archive.extractfile(member)) is not None:
                    yield from filter(str.strip, file.read().decode("utf-8").split("\n"))
    else:
        with lzma.open(path, "rt", encoding="utf-8") as rows:
            yield from filter(str.strip, rows.read().split("\n"))


def _others(shared: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((shared / "real" / "aligned-bg").glob("*.txt")):
        rows = path.read_text("utf-8").split("\n")
        read = next(row.split("]", 1)[1] for row in rows if row.startswith("[OCR_toInput]"))
        yield f"bg/{path.stem}", textwrap.fill(read.strip(), _WIDTH)
    for path in sorted((shared / "faults").glob("09-*/in/*.txt")):
        yield path.stem, path.read_text("utf-8")


def _noise(real: Path, settings: Settings) -> None:
    path = real / "raw-ocr" / "latin-noise.txt"
    if not path.is_file():
        print(f"{path}: missing; skipped")
        return
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    document = process_text("\n".join(lines), "noise", settings, source=path.name)
    gone = len(_dropped(document))
    print(f"latin-noise  {gone} of {len(lines)} lines dropped ({100 * gone / len(lines):.1f} %)")
    lost = kept = 0
    for keyed in sorted((real / "typed-pages" / "train").glob("*.gt.tsv")):
        raws = [line.text for line in keyed_lines(keyed) if line.must]
        found = process_text("\n".join(raws), keyed.name, settings, source=keyed.name)
        gone_lines = [line.raw for line in _dropped(found)]
        lost, kept = lost + len(gone_lines), kept + len(raws)
        for raw in gone_lines:
            print(f"    dropped in {keyed.name}: {raw}")
    print(f"train        {lost} of {kept} true lines dropped")
    english = real / "raw-ocr" / "read-as-english.txt"
    found = process_text(english.read_text("utf-8"), english.stem, settings, source=english.name)
    said = sorted({finding.code for page in found.pages for finding in page.findings})
    print(f"{english.stem}: {', '.join(said) or 'nothing said'}; {len(_edits(found))} edits")


if __name__ == "__main__":
    raise SystemExit(main())
