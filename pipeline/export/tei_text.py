"""``text``: the document in divisions with openers, paragraphs and closers, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from xml.etree.ElementTree import Element, SubElement

from pipeline.export.blocks import on_sheet
from pipeline.export.options import Options
from pipeline.export.source import Source
from pipeline.export.tei_fields import Mark, marks
from pipeline.export.tei_lines import Ids, LineWriter
from pipeline.export.xml import add, append_text, element
from pipeline.model import Line, LineKind
from pipeline.transcript import WORDING, joins_next

_INLINE = {
    LineKind.PAGE_NUMBER: ("fw", {"type": "pageNum"}),
    LineKind.HANDWRITING: ("note", {"type": "handwriting"}),
    LineKind.NOISE: ("note", {"type": "noise"}),
    LineKind.STAMP: ("stamp", {}),
    LineKind.FORM: ("fw", {"type": "form"}),
    LineKind.TABLE: ("fw", {"type": "table"}),
}
"""What stands between two lines of one paragraph."""


class _Stage(IntEnum):
    """How far a division has come: only what follows may be added."""

    TOP = 0
    MIDDLE = 1
    BOTTOM = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with its page and its number on it; ``goes_on``: its paragraph is open already."""

    line: Line
    page: int
    number: int
    goes_on: bool = False


def text(source: Source, options: Options, ids: Ids) -> Element:
    """The whole text; a document without lines has an empty paragraph."""
    made = element("text")
    body = add(made, "body")
    builder = _Builder(body, LineWriter(source, options, ids), source, ids)
    rows = _rows(source, options)
    for run, between in _runs(rows):
        builder.add(run[0].line.kind, run, between=between)
    builder.finish()
    return made


def _rows(source: Source, options: Options) -> list[_Row]:
    """All lines that stay, each told whether it goes on with the paragraph of one before."""
    rows: list[_Row] = []
    before: Line | None = None
    for page in source.document.pages:
        for number, line in enumerate(on_sheet(page, options), start=1):
            goes_on = False
            if line.kind in WORDING:
                if before is not None:
                    same = line.kind is before.kind and not line.starts_paragraph
                    goes_on = same or joins_next(before)
                before = line
            rows.append(_Row(line, page.number, number, goes_on))
    return rows


def _runs(rows: list[_Row]) -> list[tuple[list[_Row], bool]]:
    """Lines of one kind in a row; with them whether their paragraph goes on after them."""
    runs: list[tuple[list[_Row], bool]] = []
    for index, row in enumerate(rows):
        ahead = next((x for x in rows[index + 1 :] if x.line.kind in WORDING), None)
        between = row.line.kind not in WORDING and ahead is not None and ahead.goes_on
        last = runs[-1] if runs else None
        same = (
            last is not None
            and last[0][-1].line.kind is row.line.kind
            and last[1] == between
            and (row.goes_on or row.line.kind not in WORDING)
        )
        if last is not None and same:
            last[0].append(row)
        else:
            runs.append(([row], between))
    return runs


class _Builder:
    """Adds runs of lines to the divisions of a body."""

    def __init__(self, body: Element, writer: LineWriter, source: Source, ids: Ids) -> None:
        self._body = body
        self._writer = writer
        self._ids = ids
        self._marks = marks(source.document)
        self._facs = source.has_scan
        self._division: Element | None = None
        self._stage = _Stage.TOP
        self._paragraph: Element | None = None
        self._page = 0
        self._broken = False

    def add(self, kind: LineKind, run: list[_Row], *, between: bool) -> None:
        """One run; ``between``: it stands between lines of a paragraph that goes on after it."""
        inside = between or (kind in WORDING and run[0].goes_on)
        if run[0].page != self._page and not inside:
            self._turn_page(self._at(self._stage), run[0].page)
        if kind in WORDING and run[0].goes_on and self._paragraph is not None:
            for row in run:
                self._line(self._paragraph, row)
        elif between and self._paragraph is not None:
            name, attributes = _INLINE[kind]
            if run[0].page != self._page:
                self._turn_page(self._paragraph, run[0].page)
            self._rows(add(self._paragraph, name, **attributes), run)
        elif kind in (LineKind.PAGE_NUMBER, LineKind.HANDWRITING, LineKind.NOISE):
            name, attributes = _INLINE[kind]
            self._rows(self._new(self._at(self._stage), name, **attributes), run)
        else:
            self._paragraph = None
            _ADDERS[kind](self, run)

    def finish(self) -> None:
        """Make whole what is open."""
        if self._division is None:
            self._at(_Stage.TOP)
        self._close()

    def heading(self, run: list[_Row]) -> None:
        """A heading opens a division where one has begun."""
        self._open("head", self._at(_Stage.TOP), run)

    def addressee(self, run: list[_Row]) -> None:
        """To whom: in the opener, a line of an address each."""
        address = add(self._more(self._at(_Stage.TOP), "opener"), "address")
        for row in run:
            self._paragraph = add(address, "addrLine")
            self._line(self._paragraph, row)
            append_text(address, "\n")

    def body(self, run: list[_Row]) -> None:
        """A paragraph."""
        self._open("p", self._at(_Stage.MIDDLE), run)

    def signature(self, run: list[_Row]) -> None:
        """Who signed: in the closer."""
        self._open("signed", self._more(self._at(_Stage.BOTTOM), "closer"), run)

    def form(self, run: list[_Row]) -> None:
        """Lines of the form: where and when it was sent, and whatever else it says."""
        division = self._at(self._stage)
        if self._stage is _Stage.MIDDLE:
            self._rows(self._new(division, "ab", type="form"), run)
            return
        parent = self._more(division, "opener" if self._stage is _Stage.TOP else "closer")
        for row in run:
            found = {mark.field.name for mark in self._of(row)}
            dated = found & {"date", "origin"}
            part = add(parent, "dateline") if dated else add(parent, "seg", type="form")
            self._line(part, row)
            append_text(parent, "\n")

    def table(self, run: list[_Row]) -> None:
        """A copy list where receivers were read, else its lines as they stand."""
        division = self._at(_Stage.MIDDLE)
        receivers = [[m for m in self._of(row) if m.field.name == "copy_list"] for row in run]
        if not any(receivers):
            self._rows(self._new(division, "ab", type="table"), run)
            return
        made = self._new(division, "list", type="copies")
        for row, found in zip(run, receivers, strict=True):
            numbers = [str(mark.field.number) for mark in found if mark.field.number is not None]
            self._line(add(made, "item", n=" ".join(numbers) or None), row)
            append_text(made, "\n")

    def stamp(self, run: list[_Row]) -> None:
        """A rubber stamp."""
        division = self._at(self._stage)
        names = {_Stage.TOP: "opener", _Stage.MIDDLE: "ab", _Stage.BOTTOM: "closer"}
        parent = self._new(division, names[self._stage])
        if self._stage is _Stage.MIDDLE:
            parent.set("type", "stamp")
        self._rows(add(parent, "stamp"), run)

    def _open(self, name: str, parent: Element, run: list[_Row]) -> None:
        """A paragraph that lines further down may go on with."""
        self._paragraph = self._new(parent, name) if parent is self._division else add(parent, name)
        self._rows(self._paragraph, run)

    def _at(self, stage: _Stage) -> Element:
        """The division that may hold more of ``stage``: the open one, or a new one."""
        if self._division is not None and stage < self._stage:
            self._close()
        if self._division is None:
            self._division = SubElement(self._body, "div")
            self._division.text = "\n"
            self._stage = _Stage.TOP
        if stage is _Stage.BOTTOM and self._stage is _Stage.TOP:
            self._new(self._division, "p")  # there is no closer without anything to close
        self._stage = max(self._stage, stage)
        return self._division

    def _close(self) -> None:
        division = self._division
        if division is None:
            return
        names = {child.tag for child in division.iter()}
        written = names & {"p", "head", "address", "signed"}
        division.set("type", "text" if written else "form")
        if not names & {"p", "ab", "list"}:
            self._new(division, "p")
        division.tail = "\n"
        self._division, self._paragraph = None, None

    def _more(self, division: Element, name: str) -> Element:
        """The opener or closer that the division ends in, or a new one."""
        last = division[-1] if len(division) else None
        return last if last is not None and last.tag == name else self._new(division, name)

    def _new(self, parent: Element, name: str, /, **attributes: object) -> Element:
        made = add(parent, name, **attributes)
        made.tail = "\n"
        return made

    def _rows(self, parent: Element, run: list[_Row]) -> None:
        for row in run:
            self._line(parent, row)

    def _line(self, parent: Element, row: _Row) -> None:
        text_line = row.line.kind in WORDING
        broken = self._broken and text_line
        if row.page != self._page:
            self._turn_page(parent, row.page)
        elif not broken and (len(parent) or parent.text):
            append_text(parent, "\n")
        self._writer.write(parent, row.line, row.number, broken=broken)
        if text_line:
            self._broken = joins_next(row.line)

    def _turn_page(self, parent: Element, page: int) -> None:
        """A new page begins after all that is in ``parent``."""
        if not self._broken and len(parent):
            append_text(parent, "\n")
        made = add(parent, "pb", n=page, facs=f"#{self._ids.page(page)}" if self._facs else None)
        if self._broken:
            made.set("break", "no")
        self._page = page

    def _of(self, row: _Row) -> list[Mark]:
        return list(self._marks.get(row.line.id, ()))


_ADDERS = {
    LineKind.HEADING: _Builder.heading,
    LineKind.ADDRESSEE: _Builder.addressee,
    LineKind.BODY: _Builder.body,
    LineKind.SIGNATURE: _Builder.signature,
    LineKind.FORM: _Builder.form,
    LineKind.TABLE: _Builder.table,
    LineKind.STAMP: _Builder.stamp,
}
