"""A document with the editor's decisions: what leaves, in every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings
from pipeline.model import (
    Document,
    Edit,
    Field,
    Layer,
    Line,
    LineKind,
    Page,
    Reading,
    Reason,
    Verdict,
)
from pipeline.review.corrected import cuts, joined, sliced, unprobable, with_conventions, with_text
from pipeline.review.decisions import EDITOR, FieldState, LineState, field_key
from pipeline.review.log import REVIEW_FILE, fold, read_events
from pipeline.review.places import DONE, Decisions, decisions_for
from pipeline.store import RunInfo, StoredDocument
from pipeline.transcript import JOIN_HYPHEN

_BY_EDITOR = "by a person"


def with_decisions(out: Path, stored: StoredDocument, folder: Path | None = None) -> StoredDocument:
    """``stored`` as the editors of the results in ``out`` have it; as it is where none was at it.

    ``folder``, where the document is stored, is not needed: the log knows documents by their id.

    Raises:
        OutputError: the log is there and cannot be read.
        ResultError: it is damaged, or of a later version.

    """
    del folder
    decisions = decisions_in(out, stored)
    if decisions.are_none:
        return stored
    document = edited(stored.document, decisions, cleanup_of(stored.run))
    return replace(stored, document=document)


def with_decisions_near(path: Path, stored: StoredDocument) -> StoredDocument:
    """``stored``, which lies in ``path``, with the decisions of the nearest log in or above it.

    Raises:
        OutputError: the log is there and cannot be read.
        ResultError: it is damaged, or of a later version.

    """
    folder = path.resolve()
    for above in (folder, *folder.parents):
        if (above / REVIEW_FILE).is_file():
            return with_decisions(above, stored)
    return stored


def decisions_in(out: Path, stored: StoredDocument) -> Decisions:
    """What the log in ``out`` says of ``stored``; errors as of :func:`with_decisions`."""
    threads = fold(read_events(out / REVIEW_FILE, stored.document.id))
    return decisions_for(stored.document, stored.run.fingerprint, threads, kinds_of(stored.run))


def kinds_of(run: RunInfo) -> tuple[LineKind, ...]:
    """The kinds of lines that the transcripts of ``run`` hold."""
    text = dict(run.settings).get("output.kinds")
    if text is None:
        return (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
    return msgspec.json.decode(text, type=tuple[LineKind, ...])


def cleanup_of(run: RunInfo) -> CleanupSettings:
    """The settings of ``run`` that decide what the reading layer is."""
    pairs = {
        key.removeprefix("cleanup."): msgspec.json.decode(value)
        for key, value in run.settings
        if key.startswith("cleanup.")
    }
    known = {k: v for k, v in pairs.items() if k in CleanupSettings.__struct_fields__}
    return msgspec.convert(known, CleanupSettings)


def edited(
    document: Document, decisions: Decisions, cleanup: CleanupSettings | None = None
) -> Document:
    """``document`` with ``decisions``; as it is where there are none.

    The editor's text is the diplomatic layer, as :class:`Edit` of the rule ``editor``; what makes
    the reading layer (hyphens at line ends, ъ, Roman months) is found anew where it changed.
    Lines parted or joined, dropped or restored, kinds, paragraphs and fields follow. Words that a
    person decided on have no probability any more.
    """
    if decisions.are_none:
        return document
    return with_rows(document, rows(document, decisions, cleanup or CleanupSettings()), decisions)


def with_rows(document: Document, found: Sequence[Sequence[Row]], decisions: Decisions) -> Document:
    """``document`` with the lines of ``found``, those of :func:`rows`, and its fields."""
    pages = tuple(
        replace(page, lines=tuple(row.line for row in of_page))
        for page, of_page in zip(document.pages, found, strict=True)
    )
    return replace(document, pages=pages, fields=tuple(_fields(document.fields, decisions)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as the editor has it.

    ``head`` is the id of the machine's line that it is of, ``part`` its place (from 0) among the
    ``parts`` that this was cut into; ``text`` is its diplomatic text. ``first_word``: the index,
    among the machine's words of ``head``, of its first one. ``seen`` are indices of its own words
    that a person confirmed. ``changed``: a person has changed it.
    """

    line: Line
    head: str
    text: str
    part: int = 0
    parts: int = 1
    first_word: int = 0
    seen: tuple[int, ...] = ()
    changed: bool = False


def rows(document: Document, decisions: Decisions, cleanup: CleanupSettings) -> list[list[Row]]:
    """The lines of each page as the editor has them, and where each came from."""
    built = [list(_rows_of(page, decisions)) for page in document.pages]
    lines = iter(_with_reading_layer([row for of_page in built for row in of_page], cleanup))
    done = []
    for page, of_page in zip(document.pages, built, strict=True):
        state = decisions.pages.get(page.number)
        approved = state is not None and state.status in DONE
        done.append(
            [
                replace(row, line=unprobable(next(lines), row.seen, all_words=approved))
                for row in of_page
            ]
        )
    return done


def diplomatic(line: Line) -> str:
    """What the editor sees and changes of a line: as it stands on the sheet."""
    return line.text_in(Layer.DIPLOMATIC)


def grouped(page: Page, decisions: Decisions) -> Iterator[list[Line]]:
    """The machine's lines of ``page``, those that an editor joined together."""
    group: list[Line] = []
    for line in page.lines:
        state = decisions.lines.get(line.id)
        if group and not (state is not None and state.joined):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def text_of(group: Sequence[Line], state: LineState) -> str:
    """The diplomatic text of lines that were joined (or of one), parted by line feeds if so."""
    return " ".join(map(diplomatic, group)) if state.text is None else state.text


def _rows_of(page: Page, decisions: Decisions) -> Iterator[Row]:
    for group in grouped(page, decisions):
        head = group[0].id
        state = decisions.lines.get(head, LineState())
        whole, seen = group[0], list(state.seen)
        for other in group[1:]:
            shift = len(whole.reading.words)
            seen += [shift + x for x in decisions.lines.get(other.id, LineState()).seen]
            whole = joined(whole, other)
        text = text_of(group, state)
        whole = _judged(whole, state)
        if "\n" in text:
            yield from _parts(whole, text, head, seen)
        else:
            own = diplomatic(whole)
            changed = text != own or state.kind is not None or state.verdict is not None
            yield Row(
                line=with_text(whole, text, _BY_EDITOR) if text != own else whole,
                head=head,
                text=text,
                seen=tuple(seen),
                changed=changed or len(group) > 1,
            )


def _parts(line: Line, text: str, head: str, seen: Sequence[int]) -> Iterator[Row]:
    parts = text.split("\n")
    for number, (part, (start, end)) in enumerate(zip(parts, cuts(line.raw, text), strict=True)):
        cut = sliced(line, start, end)
        if number == 0:
            cut = replace(cut, alternatives=line.alternatives)
        else:
            cut = replace(cut, id=f"{line.id}-{number + 1}", starts_paragraph=False)
        first = sum(last <= start for _, last in line.reading.spans)
        yield Row(
            line=with_text(cut, part, _BY_EDITOR),
            head=head,
            text=part,
            part=number,
            parts=len(parts),
            first_word=first,
            seen=tuple(x - first for x in seen if 0 <= x - first < len(cut.reading.words)),
            changed=True,
        )


def _judged(line: Line, state: LineState) -> Line:
    said: list[str] = []
    if state.kind is not None and state.kind is not line.kind:
        said.append(f"kind {line.kind.replace('_', ' ')} is {state.kind.replace('_', ' ')}")
    if state.verdict is not None and state.verdict is not line.verdict:
        said.append(f"verdict {line.verdict} is {state.verdict}")
    said = [f"{what}, {_BY_EDITOR}" for what in said]
    said += [f"note to word {note.word + 1}: {note.text}" for note in state.notes]
    reasons = (Reason(rule=EDITOR, evidence=what, weight=0.0) for what in said)
    return replace(
        line,
        kind=state.kind or line.kind,
        verdict=state.verdict or line.verdict,
        starts_paragraph=line.starts_paragraph if state.paragraph is None else state.paragraph,
        reasons=(*line.reasons, *reasons),
    )


def _with_reading_layer(items: Sequence[Row], cleanup: CleanupSettings) -> Iterator[Line]:
    """The lines with edits of the reading layer that fit their texts, and those of the next."""
    # Whether a hyphen joins depends on the next line of text: a changed line, or one that is not
    # text any more, may change the one before it.
    near: set[int] = set()
    last = -1
    for index, item in enumerate(items):
        if item.changed:
            near |= {index, last}
        if item.line.verdict is not Verdict.DROP:
            last = index
    if not near:
        yield from (item.line for item in items)
        return
    stand_ins = [
        Line(
            id=item.line.id,
            reading=Reading(reader=EDITOR, tail=item.text),
            kind=item.line.kind,
            verdict=item.line.verdict,
            starts_paragraph=item.line.starts_paragraph,
        )
        for item in items
    ]
    found = clean(stand_ins, msgspec.structs.replace(cleanup, corrections=False), only=near)
    for index, (item, stand_in) in enumerate(zip(items, found, strict=True)):
        conventions = [edit for edit in stand_in.edits if edit.layer is Layer.READING]
        line = item.line
        if item.changed or (index in near and _joins(line.edits) != _joins(conventions)):
            own = tuple(edit for edit in line.edits if edit.layer is Layer.DIPLOMATIC)
            line = with_conventions(replace(line, edits=own), item.text, conventions)
        yield line


def _joins(edits: Iterable[Edit]) -> bool:
    return any(edit.rule == JOIN_HYPHEN for edit in edits)


def _fields(fields: Iterable[Field], decisions: Decisions) -> Iterator[Field]:
    states = {key: s for key, s in decisions.others.items() if isinstance(s, FieldState)}
    said = Reason(rule=EDITOR, evidence=_BY_EDITOR, weight=0.0)
    for field in fields:
        state = states.pop(field_key(field.name, field.number, field.telegram), None)
        if state is None or state.value is None:
            yield field
        elif state.value:
            yield replace(field, value=state.value, confidence=None, reasons=(*field.reasons, said))
    for key, state in states.items():
        if state.value:
            _, name, number, telegram = key.split(":", 3)
            yield Field(
                name=name,
                value=state.value,
                raw="",
                number=int(number) if number else None,
                telegram=int(telegram) if telegram else None,
                reasons=(said,),
            )
