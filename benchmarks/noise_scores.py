"""Scoring judged pages against their truth: body loss, what was left out, how sure it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.config import Settings
from pipeline.evaluate.body_loss import BodyLoss, body_loss
from pipeline.model import Document, Line, LineKind, Page, Verdict
from pipeline.noise import classify
from pipeline.training.line_labels import labels, own_lines, stock_lines, with_places
from pipeline.training.set_pages import SetPage

BODY = (LineKind.BODY,)
TEXT = (
    LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE, LineKind.PAGE_NUMBER,
)  # fmt: skip
"""Kinds of lines that an editor would print."""

FORM = (LineKind.FORM, LineKind.TABLE)

Judge = Callable[[tuple[Line, ...], SetPage], tuple[Line, ...]]
"""A filter: gives the lines it gets, with verdicts."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts of lines and characters.

    ``out``: left out of the transcript (dropped, or filed under a kind that is not text);
    ``drop``: verdict drop alone. Of each how many were no text (``right``), and how many there
    were to find: lines that are not text; of drop, those on no typed or printed line at all.
    """

    loss: BodyLoss = field(default_factory=BodyLoss)
    out: int = 0
    out_right: int = 0
    others: int = 0
    drop: int = 0
    drop_right: int = 0
    junk: int = 0
    junk_dropped: int = 0
    unsure: int = 0
    lines: int = 0

    def __add__(self, other: Tally) -> Tally:
        names = self.__dataclass_fields__
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One reading of one page, judged: lines with boxes, and their true kinds."""

    page: SetPage
    lines: tuple[Line, ...]
    kinds: tuple[LineKind | None, ...]

    def tally(self) -> Tally:
        """The counts of this page."""
        document = Document(
            id=self.page.stem,
            pages=(Page(number=1, scan=self.page.own.scan, lines=self.lines),),
        )
        return Tally(loss=_body(document, self.page)) + self.counts()

    def counts(self) -> Tally:
        """The counts of lines alone."""
        result = Tally()
        for line, kind in zip(self.lines, self.kinds, strict=True):
            result += _of_line(line, kind)
        return result


def _body(document: Document, page: SetPage) -> BodyLoss:
    """Body dropped, and body misfiled: left out under a kind that is not text."""
    return body_loss(_all_body(document), page.truth, BODY)


def _all_body(document: Document) -> Document:
    pages = tuple(
        replace(
            page,
            lines=tuple(
                replace(x, kind=LineKind.BODY) if x.kind in TEXT else x for x in page.lines
            ),
        )
        for page in document.pages
    )
    return replace(document, pages=pages)


def left_out(line: Line) -> bool:
    """Whether the default transcript does not hold ``line``."""
    return line.verdict is Verdict.DROP or line.kind not in TEXT


def _of_line(line: Line, kind: LineKind | None) -> Tally:
    if kind is None:
        return Tally()
    other, junk = kind not in TEXT, kind not in TEXT and kind not in FORM
    out, drop = left_out(line), line.verdict is Verdict.DROP
    return Tally(
        lines=1,
        out=out,
        out_right=out and other,
        others=other,
        drop=drop,
        drop_right=drop and other,
        junk=junk,
        junk_dropped=junk and drop,
        unsure=line.verdict is Verdict.UNSURE,
    )


def judge_own(page: SetPage, settings: Settings) -> Judged:
    """Our lines of ``page``, judged."""
    lines = own_lines(page)
    kinds = labels(lines, page.truth.lines)
    found = classify(lines, settings.noise, page.own.scan.height)
    return Judged(page=page, lines=found, kinds=tuple(kinds))


def judge_stock(page: SetPage, settings: Settings) -> Judged:
    """The stock text of ``page``, judged as a text file would be; boxes added for scoring."""
    lines = stock_lines(page)
    placed = with_places(lines, page.stock_places)
    kinds = labels(placed, page.truth.lines)
    found = with_places(classify(lines, settings.noise), page.stock_places)
    return Judged(page=page, lines=found, kinds=tuple(kinds))


def total(tallies: Sequence[Tally]) -> Tally:
    """The sum of ``tallies``."""
    result = Tally()
    for tally in tallies:
        result += tally
    return result
