"""What the corrections do to words: how many they improve, leave as wrong, or worsen.

Usage: ``python benchmarks/corrections.py [SOURCE ...] [--real FOLDER] [--runs FOLDER] [--edits]``.
Sources are ``dev``, ``test`` (facsimiles, as our lines are read), ``letter`` and ``pairs`` (in
FOLDER, or ``$DEPESHA_REAL``) and ``seed``; without any, all of them. ``train`` and ``check`` (keyed
pages), ``dev-2`` and ``test-2`` (facsimiles) are taken from results of ``depesha run`` under
``--runs``, their edits made anew. Files that are missing are named and
skipped. Every edit is tried alone: where the text comes nearer to the truth it improved
a word, where it goes away it worsened one. Repairs are counted at level strict on the
diplomatic layer, conventions at level reading. ``--edits`` shows each edit that did not improve.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keyed_pages import keyed_lines
from rapidfuzz.distance import Levenshtein

from pipeline.config import Settings, load_settings
from pipeline.evaluate import Counts, wer
from pipeline.evaluate.metrics import total
from pipeline.ground_truth import find_truth
from pipeline.model import Document, Edit, Layer, Line, LineKind, Verdict, apply_edits
from pipeline.process import classify_page, finish, process_file, process_text
from pipeline.store import load_stored, result_folders
from pipeline.text import Level, normalise
from pipeline.training.set_pages import own_page, set_pictures
from pipeline.transcript import JOIN_HYPHEN

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("DEPESHA_REAL", ROOT.parent / "shared" / "real"))
SOURCES = ("dev", "test", "letter", "pairs", "seed")
KEYED, STORED = ("train", "check"), ("dev-2", "test-2")
_BODY = frozenset({LineKind.BODY})
_ALL = frozenset(LineKind)
_MUST = frozenset({LineKind.BODY, LineKind.HEADING, LineKind.ADDRESSEE, LineKind.SIGNATURE})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One document with its truth; ``kinds`` are the lines that the truth has."""

    name: str
    document: Document
    truth: str
    kinds: frozenset[LineKind] = _BODY

    @property
    def lines(self) -> list[Line]:
        """The lines that are compared."""
        return [
            x for x in self.document.lines if x.kind in self.kinds and x.verdict != Verdict.DROP
        ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", choices=[*SOURCES, *KEYED, *STORED, []])
    parser.add_argument("--real", type=Path, default=REAL)
    parser.add_argument("--runs", type=Path, default=ROOT / "outputs")
    parser.add_argument("--edits", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    print("source           words  wrong before  after   improved  unchanged  worsened")
    for source in options.sources or SOURCES:
        if source in KEYED or source in STORED:
            cases = list(_stored(source, settings, options.real, options.runs))
        else:
            cases = list(_cases(source, settings, options.real))
        if cases:
            _report(source, cases, show=options.edits)
    return 0


def _cases(source: str, settings: Settings, real: Path) -> Iterator[Case]:
    if source in ("dev", "test"):
        yield from _set(source, settings)
    elif source == "letter":
        yield from _letter(settings, real / "typed-letter-1972")
    elif source == "pairs":
        yield from _pairs(settings, real / "ocr-pairs")
    else:
        yield from _seed(settings)


def _set(name: str, settings: Settings) -> Iterator[Case]:
    folder = Path(tempfile.gettempdir()) / "depesha-corrections"
    for path in set_pictures(name, folder):
        truth = find_truth(path.stem, path.parent)
        assert truth is not None  # noqa: S101  the maker wrote it
        page = classify_page(own_page(path, settings, folder / "readings"), settings)
        yield Case(
            name=path.stem, document=finish(path.stem, [page], [], settings), truth=truth.text
        )


def _stored(source: str, settings: Settings, real: Path, runs: Path) -> Iterator[Case]:
    """The documents of ``source`` among the stored results, corrected anew from their readings."""
    for folder in result_folders(runs):
        if source in KEYED:
            keyed = real / "typed-pages" / source / f"{folder.name}.gt.tsv"
            truth = (
                "\n".join(x.text for x in keyed_lines(keyed) if x.must) if keyed.is_file() else None
            )
        else:
            drawn = find_truth(folder.name, runs) if folder.name.startswith(source) else None
            truth = None if drawn is None else drawn.text
        if truth is None:
            continue
        pages = load_stored(folder).read
        document = finish(folder.name, [classify_page(x, settings) for x in pages], [], settings)
        yield Case(name=folder.name, document=document, truth=truth, kinds=_MUST)


def _letter(settings: Settings, folder: Path) -> Iterator[Case]:
    pages = sorted(p for p in folder.glob("*.jpg") if p.with_suffix(".gt.txt").is_file())
    if not pages:
        print(f"{folder}: no pages with a transcription; skipped")
    for path in pages:
        truth = path.with_suffix(".gt.txt").read_text(encoding="utf-8")
        yield Case(
            name=path.stem,
            document=process_file(path, path.stem, settings),
            truth=truth,
            kinds=_ALL,
        )


def _pairs(settings: Settings, folder: Path) -> Iterator[Case]:
    read = [p for kind in ("finereader", "rehand") for p in sorted(folder.glob(f"*.{kind}.txt"))]
    if not read:
        print(f"{folder}: no texts of other programs; skipped")
    for path in read:
        truth = path.with_name(path.name.split(".")[0] + ".gt.txt").read_text(encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        document = process_text(text, path.stem, settings, source=path.name)
        yield Case(name=path.stem, document=document, truth=truth, kinds=_ALL)


def _seed(settings: Settings) -> Iterator[Case]:
    for path in sorted((ROOT / "scans").glob("*.*")):
        truth = find_truth(path.stem, ROOT / "ground_truth")
        if truth is not None:
            document = process_file(path, path.stem, settings)
            yield Case(name=path.stem, document=document, truth=truth.text)


def _report(source: str, cases: list[Case], *, show: bool) -> None:
    rules: dict[str, Counter[int]] = {}
    for case in cases:
        for edit, gain in _gains(case):
            rules.setdefault(f"{edit.layer[:4]} {edit.rule}", Counter())[
                (gain > 0) - (gain < 0)
            ] += 1
            if show and gain <= 0:
                print(f"    {case.name} {edit.rule}: {edit.before!r} -> {edit.after!r} {gain:+}")
    raw = total(wer(case.truth, _text(case, corrected=False)) for case in cases)
    text = total(wer(case.truth, _text(case, corrected=True)) for case in cases)
    repairs = sum((x for rule, x in rules.items() if rule.startswith("dipl")), Counter())
    print(_row(source, raw, text, repairs))
    for rule, found in sorted(rules.items()):
        print(f"  {rule:43}" + _figures(found))


def _row(source: str, raw: Counts, text: Counts, found: Counter[int]) -> str:
    return f"{source:15}{raw.length:7}{raw.errors:14}{text.errors:7}  " + _figures(found)


def _figures(found: Counter[int]) -> str:
    return f"{found[1]:9}{found[0]:11}{found[-1]:10}"


def _text(case: Case, *, corrected: bool) -> str:
    lines = case.lines
    return "\n".join(x.text_in(Layer.DIPLOMATIC) if corrected else x.raw for x in lines)


def _gains(case: Case) -> Iterator[tuple[Edit, int]]:
    """Each edit with the errors that it takes away by itself (below zero: that it adds)."""
    rows = [line.raw for line in case.lines]
    for place, line in enumerate(case.lines):
        for edit in line.edits:
            if edit.rule == JOIN_HYPHEN:  # level reading counts no hyphens
                continue
            level = Level.STRICT if edit.layer is Layer.DIPLOMATIC else Level.READING
            changed = rows.copy()
            changed[place] = apply_edits(line.raw, [edit])
            truth = normalise(case.truth, level)
            before, after = (normalise("\n".join(x), level) for x in (rows, changed))
            yield edit, Levenshtein.distance(truth, before) - Levenshtein.distance(truth, after)


if __name__ == "__main__":
    raise SystemExit(main())
