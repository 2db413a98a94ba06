"""Ground truth from pages that people looked at: for ``evaluate`` and for training."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(slots=True)
class TruthsWritten:
    """Documents of which ground truth was written: the whole, some pages; and which have none."""

    whole: int = 0
    partial: int = 0
    left: int = 0


def write_truths(workspace: Workspace, folder: Path, *, partly: bool = False) -> TruthsWritten:
    """Write ``ID.gt.txt``, ``.gt.json`` and ``.gt.xml`` (PAGE) of every document that is done.

    Done is one whose pages were all looked at and have no question open. ``partly``: of others the
    pages that are, as a truth that says it is partial. Of raw text there is no PAGE; of several
    pages there is one file each (``ID.p0002.gt.xml``), as PAGE has it.

    Raises:
        OutputError: a file cannot be written.

    """
    done = TruthsWritten()
    for key in workspace.edited_keys():
        view = workspace.view(key)
        if view is None:
            continue
        pages = done_pages(view)
        if len(pages) == len(view.document.pages):
            done.whole += 1
        elif partly and pages:
            done.partial += 1
        else:
            done.left += 1
            continue
        _write(view, pages, folder)
    return done


def done_pages(view: View) -> tuple[Page, ...]:
    """The pages, as edited, that a person looked at and that have no question open."""
    return tuple(x for x in view.document.pages if view.status_of(x).status in DONE)


def _write(view: View, pages: tuple[Page, ...], folder: Path) -> None:
    name = view.stored.document.id
    target = folder / name
    make_folder(target.parent)
    known = replace(view.document, pages=pages)
    text = body_text(known)
    if text:
        write_atomic(target.with_name(target.name + TEXT_SUFFIX), text)
    data = to_json(truth_data(view, known))
    write_atomic(target.with_name(target.name + JSON_SUFFIX), data)
    source = replace(source_of(replace(view.stored, document=view.document), name), edited=True)
    if not source.has_scan:
        return
    of_one = {".page.xml": pages} if len(view.document.pages) == 1 else {}
    wanted = of_one or {f".p{page.number:04d}.page.xml": (page,) for page in pages}
    for ending, made in render(source, "page").items():
        if ending in wanted:
            own = ending.replace(".page.xml", ".gt.xml")
            write_atomic(target.with_name(target.name + own), made)


def body_text(document: Document) -> str:
    """The body as it stands on the sheet, a line a typed line."""
    return "".join(
        line.text_in(Layer.DIPLOMATIC).strip() + "\n"
        for line in document.lines
        if line.kind is LineKind.BODY and line.verdict is not Verdict.DROP
    )


def truth_data(view: View, known: Document) -> dict[str, Any]:
    """The contents of ``ID.gt.json``; ``known`` has the pages that are vouched for."""
    notes = [
        f"{line.id}: {reason.evidence}"
        for line in known.lines
        for reason in line.reasons
        if reason.rule == "editor" and reason.evidence.startswith("note")
    ]
    statuses = sorted({str(view.status_of(page).status) for page in known.pages})
    partial = len(known.pages) < len(view.document.pages)
    return {
        "format": "depesha-truth",
        "version": 1,
        "source": f"depesha review ({', '.join(statuses)})",
        "notes": notes,
        "text_kinds": ["body"],
        "pages": [_page(page) for page in known.pages],
        "fields": _fields(known, all_of_them=not partial),
        **({"partial": True} if partial else {}),
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


def _fields(document: Document, *, all_of_them: bool) -> list[dict[str, Any]]:
    """The fields; of a part of the document, those that stand in one of its lines."""
    boxes = {line.box for line in document.lines if line.box is not None}
    values: dict[str, Any] = {}
    for field in document.fields:
        if not all_of_them and field.box not in boxes:
            continue
        if field.name == "copy_list":
            if field.number is not None:
                entry = {"number": field.number, "name": field.value}
                values.setdefault(field.name, []).append(entry)
        elif field.name in MANY:
            values.setdefault(field.name, []).append(field.value)
        else:
            values.setdefault(field.name, field.value)
    return [{"name": name, "value": value} for name, value in values.items()]
