"""Pages of a benchmark set from scan to transcript, each read once: lines, loss, fields, doubt.

Usage: ``python benchmarks/whole_pages.py [SET ...] [--kept FOLDER] [--details]``; ``dev-2`` and
``test-2`` where no set is named. Readings are kept in FOLDER, where ``facsimile_distance.py``
finds them too. By severity:

- ``recall``, ``precision``: body lines that a line of ours lies on, and lines of ours within the
  body's height that lie on a typed one (intersection over union of a half or more);
- ``loss``: characters of the body that were dropped; ``misfiled``: left out under another kind;
- ``lost``, ``extra``, ``moved``: of what a transcript must hold, as in ``typed_pages.py``;
- ``CER`` of the transcript (diplomatic layer, all kinds that are text);
- fields: F1, and how often a field of some confidence is right;
- expected against true error rate of pages, in thirds, and their rank correlation.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
from expected_error import Sheet, show
from keyed_pages import Score, drawn_lines, score
from line_places import Places, places
from lines import is_there
from noise_scores import FieldScore, found_entries
from noise_scores import score as field_score
from set_scans import TEXT, body_band, within
from shown import print_bins

from pipeline.config import Settings, load_settings
from pipeline.evaluate import score_document
from pipeline.expected_error import evidence
from pipeline.facsimile import set_names
from pipeline.ground_truth import Truth, find_truth
from pipeline.model import Document, Layer, LineKind
from pipeline.process import classify_page, finish
from pipeline.training.field_pages import Entry, true_entries
from pipeline.training.set_pages import own_page, set_pictures
from pipeline.transcript import render, selected

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Done:
    """One page from scan to transcript."""

    stem: str
    severity: int
    document: Document
    truth: Truth
    found: int
    lines: int
    right: int
    given: int
    dropped: int
    misfiled: int
    body: int
    score: Score
    places: Places
    notes: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[*set_names(), []])
    parser.add_argument("--kept", type=Path, default=ROOT / "outputs" / "facsimile-distance")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    settings = load_settings()
    for name in options.sets or ("dev-2", "test-2"):
        pages = list(done_pages(name, options.kept, settings))
        print_lines(name, pages)
        print_fields(pages)
        show(f"{name}, expected and true error rates", [_sheet(x, settings) for x in pages])
        for page in pages if options.details else ():
            print(f"{page.stem}: CER {page.score.rate or 0.0:.2%}", *page.notes, sep="\n  ")
    return 0


def done_pages(name: str, kept: Path, settings: Settings) -> Iterator[Done]:
    """The pages of the set ``name``, drawn and read into ``kept`` where they are not yet."""
    for picture in set_pictures(name, kept):
        truth = find_truth(picture.stem, picture.parent)
        if truth is None:
            raise SystemExit(f"{picture}: has no truth beside it")
        own = own_page(picture, settings, kept / "readings")
        body = [line for line in truth.lines if line.kind is LineKind.BODY]
        band = body_band(body)
        boxes = [x.box for x in own.lines if x.kind in TEXT and x.box and within(x.box, band)]
        document = finish(picture.stem, [classify_page(own, settings)], [], settings)
        loss = score_document(document, truth, settings.evaluate).body_loss
        true = drawn_lines(truth)
        text = render(document, Layer.DIPLOMATIC, settings.output.kinds)
        fates, lost, extra = places(true, text)
        yield Done(
            stem=picture.stem,
            severity=int(picture.stem.split("-s")[1][0]),
            document=document,
            truth=truth,
            found=sum(is_there(line.box, boxes) for line in body),
            lines=len(body),
            right=sum(is_there(box, [x.box for x in truth.lines if x.text]) for box in boxes),
            given=len(boxes),
            dropped=loss.dropped if loss else 0,
            misfiled=loss.misfiled if loss else 0,
            body=loss.length if loss else 0,
            score=score(true, text),
            places=fates,
            notes=(*(f"lost: {x}" for x in lost), *(f"extra: {x}" for x in extra)),
        )


def print_lines(name: str, pages: Sequence[Done]) -> None:
    """Lines found, body lost, and what the transcript holds, by severity."""
    print(f"\nset {name}, {len(pages)} pages")
    heads = ("lines", "recall", "precision", "loss", "misfiled", "must", "lost", "extra", "moved")
    print(f"{'severity':>8}" + "".join(f"{x:>10}" for x in (*heads, "CER")))
    for label, some in (
        *((str(n), [x for x in pages if x.severity == n]) for n in range(4)),
        ("0-2", [x for x in pages if x.severity < 3]),
    ):
        fates, scores = Places(), Score()
        for page in some:
            fates, scores = fates + page.places, scores + page.score
        lines, body = sum(x.lines for x in some), max(1, sum(x.body for x in some))
        cells = (
            lines,
            f"{sum(x.found for x in some) / max(1, lines):.2%}",
            f"{sum(x.right for x in some) / max(1, sum(x.given for x in some)):.2%}",
            f"{sum(x.dropped for x in some) / body:.3%}",
            f"{sum(x.misfiled for x in some) / body:.3%}",
            fates.length,
            fates.lost,
            fates.extra,
            fates.moved,
            f"{scores.rate or 0.0:.2%}",
        )
        print(f"{label:>8}" + "".join(f"{x:>10}" for x in cells))


def print_fields(pages: Sequence[Done]) -> None:
    """F1 of the fields by severity, the wrong ones, and how sure they were."""
    print(f"{'severity':>8}{'F1':>8}{'right':>7}{'found':>7}{'true':>7}")
    confident: list[tuple[float, bool]] = []
    scores = dict.fromkeys((*range(4), -1), FieldScore())
    for page in pages:
        true = true_entries(page.truth)
        if not true:
            continue
        for at in (page.severity, -1):
            scores[at] += field_score(found_entries(page.document.fields), true)
        for field in page.document.fields:
            (entry,) = found_entries([field])
            confident.append((field.confidence or 0.0, entry in true))
    for severity, one in scores.items():
        label = "all" if severity < 0 else severity
        print(f"{label:>8}{one.f1:8.3f}{one.right:7}{one.found:7}{one.true:7}")
    print("confidence of a field, and how many are right:")
    print_bins(confident, 5)


def wrong_fields(page: Done) -> tuple[list[Entry], list[Entry]]:
    """The entries that were given and are wrong, and the true ones that are missing."""
    found, true = found_entries(page.document.fields), true_entries(page.truth)
    return sorted(found - true), sorted(true - found)


def _sheet(page: Done, settings: Settings) -> Sheet:
    text = selected(page.document.lines, settings.output.kinds)
    return Sheet(
        name=page.stem,
        shares=evidence(text) or (),
        expected=page.document.expected_error or 0.0,
        errors=page.score.errors,
        length=page.score.length,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
