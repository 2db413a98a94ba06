"""What the evaluation and the report can do: agreement, speed, order, the report, bad input.

Usage: ``python benchmarks/evaluation.py [PART ...]`` with the parts ``agreement speed order report
browser bad-input``; all of them by default. dinglehopper is no dependency of this project: where
this Python lacks it, ``DINGLEHOPPER_PYTHON`` may name one that has it, else its columns are
skipped. Real texts are looked for beside the checkout and skipped where they are missing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jiwer
from evaluation_texts import made_up_text, misread, report
from rapidfuzz.distance import Levenshtein

from pipeline.config import load_settings
from pipeline.errors import ResultError
from pipeline.evaluate.align import align, align_texts, replay
from pipeline.evaluate.error_causes import error_causes
from pipeline.evaluate.flexible import flexible_accuracy
from pipeline.evaluate.metrics import cer, counts_of, wer
from pipeline.evaluate.paths import evaluate_paths
from pipeline.executors import Interrupts
from pipeline.formats import read_document
from pipeline.ground_truth import load_truth
from pipeline.report import IndexContent, write_entry, write_evaluation, write_index
from pipeline.text import Level, graphemes, normalise, words

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
PAIRS = 1000
RATE = 0.03


def main(arguments: list[str]) -> int:
    """Print the parts that are asked for."""
    parts: dict[str, Callable[[], None]] = {
        "agreement": agreement,
        "speed": speed,
        "order": order,
        "report": report,
        "browser": lambda: _tests("5. End to end in Chromium", "tests/report/test_browser.py"),
        "bad-input": lambda: _tests(
            "6. Bad input",
            "tests/formats",
            "tests/evaluate/test_evaluate_command.py",
            "tests/report/test_report_data.py",
        ),
    }
    for name in arguments or parts:
        parts[name]()
        print()
    return 0


def agreement() -> None:
    """Rates against jiwer, distances against dinglehopper, costs against given alignments."""
    print("1. Agreement")
    pairs = hypothesis_pairs()
    same = 0
    for true, read in pairs:
        one, two = normalise(true, Level.STRICT), normalise(read, Level.STRICT)
        same += _equal(cer(true, read).rate, jiwer.cer(one, two)) and _equal(
            wer(true, read).rate, jiwer.wer(one, two)
        )
    print(f"  hypothesis-made pairs with jiwer's CER and WER: {same} of {len(pairs)}")
    for path in sorted((REAL / "ocr-pairs").glob("*.txt")):
        if not path.name.endswith(".gt.txt"):
            _agree_on(path)
    _distances(pairs)
    if not (REAL / "aligned-bg").is_dir():
        print("  no real texts beside the checkout: skipped")
        return
    better = equal = total = 0
    for path in sorted((REAL / "aligned-bg").glob("*.txt")):
        ours, theirs = _costs(path)
        better, equal, total = better + (ours < theirs), equal + (ours == theirs), total + 1
    print(f"  aligned-bg: {better} of {total} cheaper than the given alignment, {equal} equal")


def _agree_on(path: Path) -> None:
    true = path.with_name(path.name.split(".")[0] + ".gt.txt").read_text(encoding="utf-8")
    read = path.read_text(encoding="utf-8")
    for level in Level:
        one, two = normalise(true, level), normalise(read, level)
        characters, in_words = cer(true, read, level).rate, wer(true, read, level).rate
        spaced = [" ".join(words(text, level)) for text in (one, two)]
        agree = _equal(characters, jiwer.cer(one, two)) and _equal(
            in_words, jiwer.wer(spaced[0], spaced[1])
        )
        print(
            f"  {path.name} at {level}: CER {characters:.4%}, WER {in_words:.4%}, "
            f"jiwer {'equal' if agree else 'DIFFERENT'}"
        )


def _equal(ours: float | None, theirs: float) -> bool:
    return ours is not None and abs(ours - theirs) < 1e-12


def hypothesis_pairs() -> list[tuple[str, str]]:
    """Pairs of texts made by Hypothesis (the strategy of the tests), none with an empty truth."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415

    sys.path.insert(0, str(ROOT / "tests" / "evaluate"))
    from corruptions import corrupted  # noqa: PLC0415

    found: list[tuple[str, str]] = []

    @settings(
        max_examples=3 * PAIRS,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(corrupted())
    def collect(pair: tuple[str, str]) -> None:
        if pair[0].strip() and len(found) < PAIRS:
            found.append(pair)

    collect()
    return found


def _distances(pairs: list[tuple[str, str]]) -> None:
    accents = [("а\u0301б" + true, read + "е\u0308") for true, read in pairs[:100]]
    made = [*pairs, *accents]
    normal = [[normalise(t, Level.STRICT) for t in pair] for pair in made]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.json"
        path.write_text(json.dumps(normal), encoding="utf-8")
        theirs = dinglehopper("distance", str(path))
    if theirs is None:
        return
    ours = [sum(x.cost for x in align(graphemes(true), graphemes(read))) for true, read in normal]
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    print(f"  distances over graphemes equal to dinglehopper's: {same} of {len(made)}")


def _costs(path: Path) -> tuple[int, int]:
    rows = dict(
        row.split("] ", 1) if "] " in row else row.split("]", 1)
        for row in path.read_text(encoding="utf-8").splitlines()
        if "]" in row
    )
    read, true = rows["[OCR_aligned"], rows["[ GS_aligned"]
    theirs = sum(a != b for a, b in zip(true, read, strict=True))
    reference, hypothesis = (tuple(text.replace("@", "")) for text in (true, read))
    operations = align(reference, hypothesis)
    if replay(reference, operations) != hypothesis:
        raise RuntimeError(f"{path}: the alignment does not replay")
    return sum(x.cost for x in operations), theirs


def dinglehopper(*arguments: str) -> Any | None:
    """What dinglehopper says; ``None`` (and a line that says so) where it is not installed."""
    python = os.environ.get("DINGLEHOPPER_PYTHON", sys.executable)
    side = str(Path(__file__).with_name("dinglehopper_side.py"))
    done = subprocess.run([python, side, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        cause = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"  dinglehopper skipped ({cause[0]})")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def speed() -> None:
    """The same job as dinglehopper's, side by side, and the whole of ours."""
    print(f"2. Speed, {RATE:.0%} misread, one process each, processor time, best of three")
    print("  same job: files in; CER, WER, both alignments, pages of differences out, one level")
    print("  all of ours: three levels, every measure, the whole report")
    head = ("text", "dinglehopper", "same job", "ratio", "all of ours", "ratio")
    print("  {:>22} {:>13} {:>9} {:>6} {:>12} {:>6}".format(*head))
    with tempfile.TemporaryDirectory() as folder:
        for size in (20_000, 100_000):
            _race(Path(folder) / str(size), {"a": size}, f"{size:,} characters")
        _race(Path(folder) / "pages", {f"{i:02d}": 2_000 for i in range(50)}, "50 pages of 2,000")
    _long()


def _race(folder: Path, sizes: dict[str, int], name: str) -> None:
    true, read = folder / "true", folder / "read"
    for path in (true, read):
        path.mkdir(parents=True)
    for seed, (stem, size) in enumerate(sizes.items()):
        text = made_up_text(size, seed)
        (true / f"{stem}.txt").write_text(text, encoding="utf-8")
        (read / f"{stem}.txt").write_text(misread(text, RATE, seed), encoding="utf-8")
    places = (true, read) if len(sizes) > 1 else (true / "a.txt", read / "a.txt")
    theirs = dinglehopper("report", str(places[0]), str(places[1]), str(folder / "theirs"))
    same = min(_timed(lambda: _same_job(true, read, folder / "same")) for _ in range(3))
    whole = min(_timed(lambda: _all_of_ours(read, true, folder / "ours")) for _ in range(3))
    other = theirs["seconds"] if theirs is not None else None
    cells = [name]
    cells.append("-" if other is None else f"{other:.3f}s")
    for ours in (same, whole):
        cells += [f"{ours:.3f}s", "-" if other is None else f"{other / ours:.1f}x"]
    print("  {:>22} {:>13} {:>9} {:>6} {:>12} {:>6}".format(*cells))


def _timed(job: Callable[[], object]) -> float:
    started = time.process_time()
    job()
    return time.process_time() - started


def _same_job(true: Path, read: Path, folder: Path) -> None:
    """CER, WER and a page of differences for each pair, and an index; level strict alone."""
    settings = load_settings()
    entries = []
    for path in sorted(read.iterdir()):
        truth = load_truth(true / path.name)
        document = read_document(path, ResultError)
        text = "\n".join(line.raw for line in document.lines)
        pair = align_texts(truth.text, text, Level.STRICT)
        counts_of(pair.operations, len(pair.true_units))
        wer(truth.text, text)
        entries.append(
            write_entry(
                folder,
                path.stem,
                document,
                truth=truth,
                score=None,
                source=path,
                settings=settings,
            )
        )
    content = IndexContent(title="", entries=entries, summary=None, level=Level.STRICT)
    write_index(folder, content, "en")


def _all_of_ours(read: Path, true: Path, folder: Path) -> None:
    settings = load_settings(None, {"batch.jobs": 1})
    found = evaluate_paths(read, true, settings.evaluate, confusions=False)
    with Interrupts() as interrupts:
        entries, _ = write_evaluation(folder, found, settings, interrupts)
    content = IndexContent(title="", entries=entries, summary=found.summary, level=Level.READING)
    write_index(folder, content, "en")


def _long() -> None:
    """Two texts of 4.4 MB in a process of their own, so that its memory can be told."""
    code = f"""
import resource, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from evaluation_texts import made_up_text, misread
from evaluation import long_alone, long_whole
true = made_up_text(2_400_000, 1)
read = misread(true, {RATE}, 1)
for job in (long_alone, long_whole):
    started = time.process_time()
    said = job(true, read)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    print(f"  {{len(true):,}} characters, {{said}}: {{time.process_time() - started:.1f}} s, "
          f"{{memory:.2f}} GB at most")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def long_alone(true: str, read: str) -> str:
    """Align a long text."""
    one, two = graphemes(normalise(true, Level.STRICT)), graphemes(normalise(read, Level.STRICT))
    align(one, two)
    return "alignment"


def long_whole(true: str, read: str) -> str:
    """Every measure at every level."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "a.txt", Path(folder) / "b.txt"
        for path, text in zip(paths, (read, true), strict=True):
            path.write_text(text, encoding="utf-8")
        evaluate_paths(*paths, load_settings().evaluate)
    return "all measures at all levels"


def order() -> None:
    """Blocks shuffled, and random corruptions whose causes must add up."""
    print("3. Order and causes")
    text = made_up_text(20_000, 7)
    rows = misread(text, RATE, 7).split("\n")
    blocks = [rows[i : i + 12] for i in range(0, len(rows), 12)]
    before = flexible_accuracy(text, "\n".join(rows))
    changed = 0
    for seed in range(20):
        random.Random(seed).shuffle(blocks)  # noqa: S311
        shuffled = "\n".join(row for block in blocks for row in block)
        changed += flexible_accuracy(text, shuffled) != before
    rate = cer(text, "\n".join(rows)).rate
    print(f"  flexible accuracy {before.accuracy:.4%}, CER {rate:.4%}")
    rate = cer(text, shuffled).rate
    print(f"  blocks shuffled 20 times: CER {rate:.2%}, flexible accuracy changed {changed} times")
    pairs = hypothesis_pairs()
    right = sum(
        error_causes(*pair, level).errors == cer(*pair, level).errors
        for pair in pairs
        for level in Level
    )
    print(f"  causes that add up to the errors: {right} of {len(pairs) * len(Level)}")
    exact = sum(
        cer(*pair).errors
        == Levenshtein.distance(*(graphemes(normalise(t, Level.STRICT)) for t in pair))
        for pair in pairs
    )
    print(f"  distances equal to RapidFuzz's over graphemes: {exact} of {len(pairs)}")


def _tests(title: str, *paths: str) -> None:
    print(title)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for line in done.stdout.strip().splitlines()[-4:]:
        print(f"  {line}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
