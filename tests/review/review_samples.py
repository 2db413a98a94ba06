"""Documents and events for the tests of the editor's work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from typed_lines import typed_words

from pipeline.model import (
    Box,
    Document,
    Edit,
    Field,
    Layer,
    Line,
    LineKind,
    Page,
    Reading,
    Scan,
    Status,
    Verdict,
)
from pipeline.review.decisions import Event, LineState, State, line_key
from pipeline.review.log import EventLog
from pipeline.review.places import anchor_of
from pipeline.store import RunInfo, StoredDocument, save_document
from pipeline.transcript import JOIN_HYPHEN

WIDTH, HEIGHT = 1000, 1400


def line(
    number: int, text: str, *, doubtful: str = "", other: str | None = None, **more: object
) -> Line:
    """A line of the sample page; each word has its box, and is sure unless it is ``doubtful``."""

    def doubt(word: str) -> tuple[float, str | None]:
        return (0.4, other) if word.strip(".,") == doubtful else (0.98, None)

    words = typed_words(text, 60 + 50 * number, doubt)
    fields: dict[str, object] = {
        "id": f"p1-l{number:03d}",
        "reading": Reading(reader="vote", words=words, confidence=0.9),
        "box": Box.around(word.box for word in words if word.box is not None),
        "text_probability": 0.9,
    }
    return Line(**(fields | more))  # type: ignore[arg-type]


def sample(name: str = "альфа") -> Document:
    """Kept, doubtful, corrected, dropped and hyphened lines, and two fields."""
    split = Edit(rule="split-word", start=6, before=" ", after="", layer=Layer.DIPLOMATIC)
    join = Edit(rule=JOIN_HYPHEN, start=13, before="-", after="")
    lines = (
        line(0, "ШИФРТЕЛЕГРАММА", kind=LineKind.FORM),
        line(
            1, "Далее товарищ уназал, что", doubtful="уназал", other="указал", starts_paragraph=True
        ),
        line(2, "сообщил корей-", edits=(join,)),
        line(3, "ским друзьям о договоре 1050 года", doubtful="1050", other="1950"),
        line(4, "товари нам передано", edits=(split,)),
        line(5, "дпвлоагоа шщ", kind=LineKind.NOISE, verdict=Verdict.DROP),
        line(6, "Последняя строка текста", starts_paragraph=True),
        line(7, "РОЩИН", kind=LineKind.SIGNATURE),
    )
    page = Page(number=1, scan=Scan(path=f"{name}.png", width=WIDTH, height=HEIGHT), lines=lines)
    field = Field(name="origin", value="ПЕКИН", raw="ШИФРТЕЛЕГРАММА", box=lines[0].box)
    return Document(id=name, pages=(page,), fields=(field,), expected_error=0.02)


def facing(name: str = "разворот") -> Document:
    """Two facing sheets on one scan, which is as wide as two: two pages of the document."""
    document = sample(name)
    page = document.pages[0]
    scan = Scan(path=f"{name}.png", width=2 * WIDTH, height=HEIGHT)
    moved = [
        replace(
            x,
            id=f"p1-l{100 + number:03d}",
            sheet=2,
            box=x.box and replace(x.box, left=x.box.left + WIDTH, right=x.box.right + WIDTH),
        )
        for number, x in enumerate(page.lines)
    ]
    sheets = (
        replace(page, number=number, scan=replace(scan, sheet=number), lines=tuple(lines))
        for number, lines in ((1, page.lines), (2, moved))
    )
    return replace(document, pages=tuple(sheets))


def run_info(name: str = "альфа", fingerprint: str = "base-one") -> RunInfo:
    return RunInfo(
        fingerprint=fingerprint,
        source=f"{name}.png",
        source_key="k",
        input_sha256="i",
        status=Status.OK,
        seconds=1.0,
    )


def stored(name: str = "альфа", fingerprint: str = "base-one") -> StoredDocument:
    return StoredDocument(run=run_info(name, fingerprint), document=sample(name))


def write(out: Path, document: Document, fingerprint: str = "base-one") -> Path:
    """Store ``document`` in ``out`` as a run does; its folder."""
    folder = out / document.id
    save_document(folder, document, run=run_info(document.id, fingerprint), texts={})
    return folder


def decide(log: EventLog, document: Document, line_id: str, after: LineState, **more: str) -> Event:
    """Add one decision on a line nobody had decided on."""
    base = more.pop("base", "base-one")
    page, found = next(
        (page.number, line) for page in document.pages for line in page.lines if line.id == line_id
    )
    key = line_key(base, line_id)
    before: dict[str, State] = {key: LineState()}
    event = Event(
        document=document.id,
        user=more.pop("user", "anna"),
        base=base,
        action="text",
        line=line_id,
        anchors={key: anchor_of(found, page, base)},
        before=before,
        after={key: after},
    )
    return log.add(event, {key: 0})
