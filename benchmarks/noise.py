"""All figures of the noise filter and of the form's fields.

Usage: ``python benchmarks/noise.py [FOLDER [SET]]``. Pages of the benchmark set ``test`` (fitted
on ``dev``), read by our lines and by stock Tesseract (``--psm 3``, its text alone, as a file);
readings are kept in FOLDER. Beside them the text that the project began with and, where it is
there, the real material beside the checkout. Rivals have one threshold each, the best of ``dev``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from noise_scores import (
    RIVALS,
    TEXT,
    FieldScore,
    Judged,
    Tally,
    Threshold,
    best_threshold,
    found_entries,
    judge_own,
    judge_stock,
    left_out,
    rival_judged,
    score,
    total,
)  # fmt: skip
from shown import print_bins

from pipeline.config import Settings, load_settings
from pipeline.errors import DepeshaError
from pipeline.evaluate import score_document
from pipeline.form import read_fields
from pipeline.ground_truth import find_truth, load_truth
from pipeline.noise import classify as classified
from pipeline.process import process_file
from pipeline.training.field_pages import true_entries
from pipeline.training.line_labels import own_lines
from pipeline.training.set_pages import SetPage, set_pages

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
SEED = "roshchin-1950-05-14"
READINGS: tuple[tuple[str, Callable[[SetPage, Settings], Judged]], ...] = (
    ("our lines", judge_own),
    ("stock text", judge_stock),
)
TARGETS = (0.95, 0.9, 0.75, 0.5)


def main(arguments: list[str]) -> int:
    """Print everything."""
    folder = Path(arguments[0]) if arguments else Path("outputs") / "noise"
    name = arguments[1] if len(arguments) > 1 else "test"
    settings = load_settings()
    _seed(settings)
    _real(settings)
    pages = list(set_pages(name, settings, folder))
    dev = list(set_pages("dev", settings, folder))
    for reading, classify in READINGS:
        judged = [classify(page, settings) for page in pages]
        print(f"\n{reading} of `{name}`: the filter")
        _filter_table([(j.page.severity, j.tally()) for j in judged])
        _rivals(reading, classify, dev, judged, settings)
        print(f"\n{reading} of `{name}`: fields of the form")
        _field_table(judged)
        print(f"\n{reading} of `{name}`: how sure the probability is")
        _reliability(judged)
    _print_speed(pages, settings)
    return 0


def _seed(settings: Settings) -> None:
    """Must-show 1: the raw text that the project began with."""
    path = ROOT / "scans" / f"{SEED}.txt"
    document = process_file(path, SEED, settings)
    truth = find_truth(SEED, ROOT / "ground_truth")
    assert truth is not None  # noqa: S101  it is in the repository
    loss = score_document(document, truth, settings.evaluate).body_loss
    true = {(x.raw or "").strip(): x.kind for x in truth.lines}
    held = [x.raw.strip() for x in document.lines if not left_out(x)]
    wrong = [raw for raw in held if true.get(raw) not in (*TEXT, None)]
    found, wanted = found_entries(document.fields), true_entries(truth)
    print(f"{SEED}: body loss {loss.dropped if loss else '-'} of {loss.length if loss else '-'}")
    print(f"  lines of form, table or noise in the transcript: {wrong or 'none'}")
    print(f"  fields right {score(found, wanted).right} of {wanted.total()}; "
          f"wrong {sorted(found - wanted)}; missing {sorted(wanted - found)}")  # fmt: skip


def _real(settings: Settings) -> None:
    """Must-show 4: real texts and letters, where they are beside the checkout."""
    if not REAL.is_dir():
        print(f"{REAL}: not there, skipped")
        return
    texts = REAL / "ocr-pairs"
    pairs = [(p, texts / "rostow-1972.gt.txt") for p in sorted(texts.glob("*.*.txt"))]
    letters = sorted((REAL / "typed-letter-1972").glob("*.jpg"))
    pairs += [(p, p.with_suffix(".gt.txt")) for p in letters]
    for path, truth_path in pairs:
        if path == truth_path:
            continue
        try:
            document = process_file(path, path.stem, settings)
        except DepeshaError as error:
            print(error)
            continue
        loss = score_document(document, load_truth(truth_path), settings.evaluate).body_loss
        if loss is not None:
            print(f"{path.name}: body loss {loss.dropped} of {loss.length}, "
                  f"under other kinds of text {loss.misfiled}")  # fmt: skip


_ROW = "{:>8} {:>11} {:>8} {:>9} {:>10} {:>10} {:>10} {:>10} {:>7}"
_HEAD = (
    "severity", "body chars", "dropped", "misfiled", "precision", "recall",
    "drop prec.", "junk drop.", "unsure",
)  # fmt: skip


def _filter_table(tallies: Sequence[tuple[int, Tally]]) -> None:
    """Body loss; left out of the transcript: how much of it rightly, and of what is to be."""
    print(_ROW.format(*_HEAD))
    for severity in (*range(4), None):
        some = total([t for s, t in tallies if severity in (s, None)])
        print(_ROW.format("all" if severity is None else severity, *_cells(some)))


def _cells(tally: Tally) -> list[str]:
    loss = tally.loss
    return [
        str(loss.length),
        f"{loss.dropped / max(1, loss.length):.2%}",
        f"{loss.misfiled / max(1, loss.length):.2%}",
        _share(tally.out_right, tally.out),
        _share(tally.out_right, tally.others),
        _share(tally.drop_right, tally.drop),
        _share(tally.junk_dropped, tally.junk),
        _share(tally.unsure, tally.lines),
    ]


def _rivals(
    reading: str,
    classify: Callable[[SetPage, Settings], Judged],
    dev: Sequence[SetPage],
    judged: Sequence[Judged],
    settings: Settings,
) -> None:
    print(f"\n{reading}: rivals, the threshold with most lines right on `dev`")
    print(_ROW.format("rival", *_HEAD[1:]))
    base = [classify(page, settings) for page in dev]
    for name, measure in RIVALS:
        threshold: Threshold = best_threshold(measure, base)
        tallies = [rival_judged(j, measure, threshold).tally() for j in judged]
        print(f"{name}: left out below {threshold:.2f}")
        print(_ROW.format("all", *_cells(total(tallies))))


def _field_table(judged: Sequence[Judged]) -> None:
    print(f"{'severity':>8} {'F1':>6} {'target':>7} {'right':>6} {'found':>6} {'true':>6}")
    scores: dict[int, FieldScore] = {}
    confident: list[tuple[float, bool]] = []
    for severity, sheets in _documents(judged):
        lines = [x for sheet in sheets for x in sheet.lines]
        true = true_entries(sheets[0].page.truth)
        if not true:
            continue
        fields = read_fields(lines)
        found = found_entries(fields)
        scores[severity] = scores.get(severity, FieldScore()) + score(found, true)
        for field in fields:
            (entry,) = found_entries([field])
            confident.append((field.confidence or 0.0, entry in true))
    for severity, some in sorted(scores.items()):
        print(f"{severity:>8} {some.f1:6.3f} {TARGETS[severity]:7.2f} "
              f"{some.right:6} {some.found:6} {some.true:6}")  # fmt: skip
    print("confidence of a field, and how many are right:")
    print_bins(confident, 5)


def _documents(judged: Sequence[Judged]) -> Iterator[tuple[int, list[Judged]]]:
    """The sheets of each document, the first first."""
    stems = {j.page.stem: j for j in judged}
    for stem, sheet in stems.items():
        if not stem.endswith("-p2"):
            more = stems.get(f"{stem}-p2")
            yield sheet.page.severity, [sheet, *([more] if more else [])]


def _reliability(judged: Sequence[Judged]) -> None:
    pairs = [
        (line.text_probability or 0.0, kind in TEXT)
        for j in judged
        for line, kind in zip(j.lines, j.kinds, strict=True)
        if kind is not None
    ]
    print_bins(pairs, 10)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def _print_speed(pages: Sequence[SetPage], settings: Settings) -> None:
    """Milliseconds a line over all ``pages``, and what a fresh process pays for the lexicon."""
    lines = [(own_lines(page), page.own.scan.height) for page in pages]
    classified(lines[0][0], settings.noise)  # loads the lexicon
    started = time.perf_counter()
    count = 0
    for some, height in lines:
        count += len(classified(some, settings.noise, height))
    each = (time.perf_counter() - started) / count * 1000
    print(f"\n{each:.2f} ms a line over {count} lines, lexicon loaded")
    done = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True)
    seconds, resident, private = json.loads(done.stdout)
    print(f"lexicon: {seconds:.2f} s, {resident:.0f} MB resident, {private:.0f} MB of them private")


_LOAD = """
import json, resource, time
def memory():
    with open("/proc/self/status") as status:
        rows = dict(row.split(":", 1) for row in status)
    return [int(rows[k].split()[0]) / 1024 for k in ("VmRSS", "RssAnon")]
import pipeline.noise
before, started = memory(), time.perf_counter()
from pipeline.lexicon import knows, plausibility
knows("телеграмма"), plausibility("телеграмма")
seconds, after = time.perf_counter() - started, memory()
print(json.dumps([seconds, after[0] - before[0], after[1] - before[1]]))
"""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
