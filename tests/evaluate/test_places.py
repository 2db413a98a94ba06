"""Body loss by place: what was dropped counts, however badly it was read."""

from __future__ import annotations

from pathlib import Path

from pipeline.evaluate.body_loss import body_loss
from pipeline.ground_truth import Truth, TruthLine
from pipeline.model import Box, Document, Line, LineKind, Page, Reading, Scan, Verdict

BODY = (LineKind.BODY,)


def true_line(text: str, y: float) -> TruthLine:
    box = Box(left=100, top=int(y) - 30, right=500, bottom=int(y) + 20)
    baseline = ((100.0, y - 10), (500.0, y + 10))  # a skewed page
    return TruthLine(text=text, kind=LineKind.BODY, box=box, baseline=baseline)


def read_line(y: int, left: int, right: int, verdict: Verdict, kind: LineKind) -> Line:
    box = Box(left=left, top=y - 20, right=right, bottom=y + 5)
    reading = Reading.of("tesseract", "ъъъ")
    return Line(id=f"{y}-{left}", reading=reading, box=box, verdict=verdict, kind=kind)


def loss_of(*lines: Line) -> tuple[int, int, int]:
    stamp = TruthLine(text=None, kind=LineKind.STAMP, box=Box(left=0, top=0, right=9, bottom=9))
    true = (true_line("а" * 40, 200.0), true_line("б" * 40, 240.0), stamp)
    truth = Truth(stem="x", path=Path("x"), text="", labelled=True, lines=true, text_kinds=BODY)
    page = Page(number=1, scan=Scan(path="x"), lines=lines)
    loss = body_loss(Document(id="x", pages=(page,)), truth, BODY)
    return loss.dropped, loss.misfiled, loss.length


def test_a_dropped_line_counts_whole_and_its_neighbour_does_not() -> None:
    kept = read_line(202, 100, 500, Verdict.KEEP, LineKind.BODY)
    dropped = read_line(238, 100, 500, Verdict.DROP, LineKind.NOISE)
    assert loss_of(kept, dropped) == (40, 0, 80)


def test_half_a_line_counts_half_and_a_doubled_one_not_at_all() -> None:
    half = read_line(232, 100, 300, Verdict.DROP, LineKind.NOISE)
    rest = read_line(244, 300, 500, Verdict.KEEP, LineKind.BODY)
    twice = read_line(240, 100, 500, Verdict.KEEP, LineKind.BODY)
    assert loss_of(half, rest) == (20, 0, 80)
    assert loss_of(half, twice) == (0, 0, 80)


def test_another_kind_is_misfiled_and_what_nobody_read_is_no_loss() -> None:
    form = read_line(240, 100, 500, Verdict.KEEP, LineKind.FORM)
    assert loss_of(form) == (0, 40, 80)
    assert loss_of() == (0, 0, 80)
