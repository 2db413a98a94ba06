"""Ground truth from pages that people looked at: for ``evaluate`` and for training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.export.formats import render
from pipeline.export.source import source_of
from pipeline.form import MANY
from pipeline.ground_truth import JSON_SUFFIX, TEXT_SUFFIX
from pipeline.model import Document, Layer, Line, LineKind, Page, Verdict
from pipeline.review.decisions import ILLEGIBLE
from pipeline.review.places import DONE
from pipeline.review.workspace import View, Workspace
from pipeline.store import make_folder, to_json, write_atomic

_UNKEYED = frozenset((LineKind.TABLE, LineKind.STAMP, LineKind.HANDWRITING, LineKind.NOISE))
"""Kinds whose text nobody vouches for, even on a page that is done."""


def write_truths(workspace: Workspace, folder: Path) -> tuple[int, int]:
    """Write ``ID.gt.txt``, ``.gt.json`` and ``.gt.xml`` (PAGE) of every document that is done.

    Done is one whose pages were all looked at and have no question open.

    Gives how many were written, and how many edited documents were not, for a page is open.

    Raises:
        OutputError: a file cannot be written.

    """
    written = left = 0
    for key in workspace.edited_keys():
        view = workspace.view(key)
        if view is None:
            continue
        if not is_done(view):
            left += 1
            continue
        name = view.stored.document.id
        target = folder / name
        make_folder(target.parent)
        text = body_text(view.document)
        if text:
            write_atomic(target.with_name(target.name + TEXT_SUFFIX), text)
        data = to_json(truth_data(view))
        write_atomic(target.with_name(target.name + JSON_SUFFIX), data)
        source = source_of(replace(view.stored, document=view.document), name)
        ((_, page),) = render(replace(source, edited=True), "page").items()
        write_atomic(target.with_name(target.name + ".gt.xml"), page)
        written += 1
    return written, left


def is_done(view: View) -> bool:
    """Whether a person looked at all pages, and no question is open."""
    pages = view.stored.document.pages
    return bool(pages) and all(view.status_of(page).status in DONE for page in pages)


def body_text(document: Document) -> str:
    """The body as it stands on the sheet, a line a typed line."""
    return "".join(
        line.text_in(Layer.DIPLOMATIC).strip() + "\n"
        for line in document.lines
        if line.kind is LineKind.BODY and line.verdict is not Verdict.DROP
    )


def truth_data(view: View) -> dict[str, Any]:
    """The contents of ``ID.gt.json``."""
    notes = [
        f"{line.id}: {reason.evidence}"
        for line in view.document.lines
        for reason in line.reasons
        if reason.rule == "editor" and reason.evidence.startswith("note")
    ]
    statuses = sorted({str(view.status_of(x).status) for x in view.stored.document.pages})
    return {
        "format": "depesha-truth",
        "version": 1,
        "source": f"depesha review ({', '.join(statuses)})",
        "notes": notes,
        "text_kinds": ["body"],
        "pages": [_page(page) for page in view.document.pages],
        "fields": _fields(view.document),
    }


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.scan.width,
        "height": page.scan.height,
        "lines": [_line(line) for line in page.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    kind = line.kind
    if line.verdict is Verdict.DROP and kind not in _UNKEYED:
        kind = LineKind.NOISE
    text: str | None = line.text_in(Layer.DIPLOMATIC).strip()
    if kind in _UNKEYED or not text or ILLEGIBLE in text:
        text = None
    box = line.box
    return {
        "text": text,
        "kind": kind,
        "box": None if box is None else [box.left, box.top, box.right, box.bottom],
        "starts_paragraph": line.starts_paragraph,
    }


def _fields(document: Document) -> list[dict[str, Any]]:
    values: dict[str, Any] = {}
    for field in document.fields:
        if field.name == "copy_list":
            if field.number is not None:
                entry = {"number": field.number, "name": field.value}
                values.setdefault(field.name, []).append(entry)
        elif field.name in MANY:
            values.setdefault(field.name, []).append(field.value)
        else:
            values.setdefault(field.name, field.value)
    return [{"name": name, "value": value} for name, value in values.items()]
