"""What the page is told of a document: the report's data, and all that an editor needs beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.form import NAMES
from pipeline.model import Field, Line
from pipeline.report.document_data import document_data
from pipeline.review.decisions import LineState, State, Thread, default_of, field_key, line_key
from pipeline.review.edited import Row
from pipeline.review.index import Entry
from pipeline.review.places import Question
from pipeline.review.workspace import View
from pipeline.review.worth import Asked, expected_errors, interval


def document_payload(view: View, user: str, pictures: Sequence[str | None]) -> dict[str, Any]:
    """The document as its page gets it. ``pictures`` are addresses by page, where there are any.

    ``data`` is that of the report (short keys, see :mod:`pipeline.report.document_data`). ``lines``
    are beside its lines, in the same order; ``asked`` the words to look at, in their order.
    """
    document = view.document
    data = document_data(
        document,
        None,
        None,
        pictures=pictures,
        problems=document.problems,
        source=view.stored.run.source,
        shown=view.kinds,
    )
    words, wrong = expected_errors(view.flat, view.kinds)
    undo, redo = view.undoable(user)
    return {
        "key": view.key,
        "base": view.stored.run.fingerprint,
        "user": user,
        "data": data,
        "lines": [_line(row, view) for row in view.flat],
        "asked": [_asked(one, view.flat[one.row].text) for one in view.asked],
        "expected": {"words": words, "wrong": round(wrong, 2)},
        "pages": [_page(view, page.number) for page in view.stored.document.pages],
        "fields": _fields(view, document.fields),
        "field_names": list(NAMES),
        "questions": [_question(q, view) for q in view.decisions.questions],
        "undo": undo,
        "redo": redo,
        "by_hand": view.by_hand,
    }


def entry_payload(entry: Entry) -> dict[str, Any]:
    """A row of the list."""
    return {name: getattr(entry, name) for name in entry.__slots__ if name != "folder"}


def totals_payload(sums: dict[str, float]) -> dict[str, Any]:
    """The sums of the list, with the error rate of what nobody looked at."""
    between = interval(int(sums["missed"]), int(sums["asked"]))
    rate = sums["missed"] / sums["asked"] if sums["asked"] else None
    return {**sums, "rate": rate, "interval": between}


def state_payload(thread: Thread) -> dict[str, Any]:
    """A state as somebody else left it: for who was slower."""
    return {
        "key": thread.key,
        "state": msgspec.to_builtins(thread.state),
        "revision": thread.revision,
        "user": thread.user,
        "time": thread.time,
    }


def _line(row: Row, view: View) -> dict[str, Any]:
    base = view.stored.run.fingerprint
    key = view.decisions.keys.get(row.head) or line_key(base, row.head)
    thread = view.threads.get(key)
    state = view.decisions.lines.get(row.head, LineState())
    made: dict[str, Any] = {
        "head": row.head,
        "part": row.part,
        "text": row.text,
        "key": key,
        "seen": thread.revision if thread else 0,
    }
    if row.changed:
        made["changed"] = 1
    if state.notes:
        made["notes"] = [[note.word, note.text] for note in state.notes]
    if row.first_word:
        made["first"] = row.first_word
    texts = _other_texts(row.line)
    if texts:
        made["readings"] = texts
    return made


def _other_texts(line: Line) -> list[list[str]]:
    """What single readers made of the line, where they differ from its text."""
    return [[x.reader, x.text] for x in line.alternatives if x.text.strip() != line.raw.strip()]


def _asked(one: Asked, text: str) -> dict[str, Any]:
    return {
        "row": one.row,
        "word": one.word,
        "token": len(text[: one.start].split()),
        "tokens": len(text[one.start : one.end].split()),
        "worth": one.worth.name.lower(),
        "p": round(one.probability, 3),
        "other": one.other or "",
        "differs": one.other is not None,
        "audit": one.audit,
    }


def _page(view: View, number: int) -> dict[str, Any]:
    page = next(page for page in view.stored.document.pages if page.number == number)
    state = view.status_of(page)
    thread = view.threads.get(f"page:{number}")
    return {
        "number": number,
        "status": state.status,
        "note": state.note,
        "first": state.first,
        "by": thread.user if thread else "",
        "again": number in view.decisions.again,
        "seen": thread.revision if thread else 0,
    }


def _fields(view: View, fields: Sequence[Field]) -> list[dict[str, Any]]:
    made = []
    for field in fields:
        key = field_key(field.name, field.number, field.telegram)
        thread = view.threads.get(key)
        box = field.box
        page = next(
            (
                index
                for index, page in enumerate(view.document.pages)
                if any(line.box == box for line in page.lines)
            ),
            0,
        )
        made.append(
            {
                "key": key,
                "name": field.name,
                "number": field.number,
                "telegram": field.telegram,
                "value": field.value,
                "raw": field.raw,
                "p": page,
                "b": None if box is None else [box.left, box.top, box.width, box.height],
                "c": field.confidence,
                "seen": thread.revision if thread else 0,
            }
        )
    return made


def revision_of(view: View, key: str) -> int:
    """The number of the last event of ``key``; 0 where there is none."""
    thread = view.threads.get(key)
    return thread.revision if thread else 0


def _question(question: Question, view: View) -> dict[str, Any]:
    return {
        "key": question.key,
        "page": question.anchor.page,
        "read": question.anchor.text,
        "said": question.state.text,
        "kind": question.state.kind,
        "verdict": question.state.verdict,
        "notes": [note.text for note in question.state.notes],
        "box": question.anchor.box,
        "near": question.near,
        "approved": question.approved,
        "seen": revision_of(view, question.key),
    }


def conflict_payload(threads: dict[str, Thread], wanted: dict[str, State]) -> dict[str, Any]:
    """Both versions: what was saved meanwhile, and what was about to be."""
    return {
        "theirs": [state_payload(thread) for thread in threads.values()],
        "mine": [
            {"key": key, "state": msgspec.to_builtins(state)}
            for key, state in wanted.items()
            if state != default_of(key)
        ],
    }
