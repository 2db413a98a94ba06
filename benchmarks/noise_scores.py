"""Classified pages against their truth: lines left out, rival filters, the form's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.config import Settings
from pipeline.evaluate.body_loss import BodyLoss, body_loss
from pipeline.lexicon import knows
from pipeline.model import Document, Field, Line, LineKind, Page, Verdict
from pipeline.noise import classify
from pipeline.training.field_pages import Entry
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


Threshold = float
Measure = Callable[[Line, float], float]
"""A line and the engine's confidence in it, to 0.0-1.0; below the threshold it is dropped."""


def confidence(line: Line, engine: float) -> float:
    """What the engine says of the line."""
    del line
    return engine


def alphabet_share(line: Line, engine: float) -> float:
    """Share of its visible characters that are Russian letters."""
    del engine
    visible = "".join(line.raw.split())
    return sum("а" <= c.lower() <= "я" or c in "ёЁ" for c in visible) / max(1, len(visible))


def lexicon_share(line: Line, engine: float) -> float:
    """Share of its words that the dictionary knows."""
    del engine
    words = [w.strip(".,;:!?()\"'-") for w in line.raw.split()]
    return sum(bool(w) and knows(w) for w in words) / max(1, len(words))


RIVALS: tuple[tuple[str, Measure], ...] = (
    ("engine confidence", confidence),
    ("alphabet share", alphabet_share),
    ("lexicon share", lexicon_share),
)


def rival_judged(judged: Judged, measure: Measure, threshold: Threshold) -> Judged:
    """The same lines as the rival judges them: body, or dropped."""
    lines = tuple(
        replace(
            line,
            kind=LineKind.BODY if keep else LineKind.NOISE,
            verdict=Verdict.KEEP if keep else Verdict.DROP,
        )
        for line, sure in zip(judged.lines, _confidences(judged), strict=True)
        for keep in [measure(line, sure) >= threshold]
    )
    return replace(judged, lines=lines)


def best_threshold(measure: Measure, judged: Sequence[Judged]) -> Threshold:
    """The threshold (hundredths) with most lines rightly left out or kept."""

    def right(threshold: float) -> int:
        some = total([rival_judged(j, measure, threshold).counts() for j in judged])
        return some.out_right + some.lines - some.others - (some.out - some.out_right)

    return max((step / 100 for step in range(0, 101, 2)), key=right)


def _confidences(judged: Judged) -> list[float]:
    """The engine's confidence in each line: the readings' own, or that of the stock lines."""
    own = [next((r.confidence for r in x.readings if r.confidence is not None), None)
           for x in judged.lines]  # fmt: skip
    if any(c is not None for c in own):
        return [c or 0.0 for c in own]
    places = {word.box: word.confidence or 0.0 for word in judged.page.stock_places}
    return [places.get(x.box, 0.0) for x in judged.lines]


@dataclass(frozen=True, kw_only=True)
class FieldScore:
    """Entries found and right, found in all, and true ones."""

    right: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: FieldScore) -> FieldScore:
        return FieldScore(
            right=self.right + other.right,
            found=self.found + other.found,
            true=self.true + other.true,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0.0-1.0."""
        return 2 * self.right / max(1, self.found + self.true)


def found_entries(fields: Iterable[Field]) -> Counter[Entry]:
    """The entries of ``fields``."""
    return Counter(
        (f.name, f.value if f.name != "copy_list" else f"{f.number} {f.value}") for f in fields
    )


def score(found: Counter[Entry], true: Counter[Entry]) -> FieldScore:
    """How ``found`` compares with ``true``."""
    return FieldScore(right=(found & true).total(), found=found.total(), true=true.total())
