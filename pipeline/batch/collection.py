"""Rows of the ledger as the rows of a summary: fetched when asked for, never all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

import msgspec

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.results import Row
from pipeline.store import to_json

_DECODER = msgspec.json.Decoder(Row)


class LedgerRows(Sequence[Row]):
    """The rows of the ledger in ``out``: of the documents of ``run`` in their order, or of all.

    ``refused`` come before them. ``run`` tells which are unchanged: those that it did not make.
    """

    def __init__(self, out: Path, run: int, *, whole: bool, refused: tuple[Row, ...] = ()) -> None:
        self._path = out / LEDGER_FILE
        self._run = run
        self._refused = refused
        self._where = "state<>'waiting'" if whole else f"state<>'waiting' AND seen_run={int(run)}"
        self._order = "documents.number" if whole else "position"

    def __len__(self) -> int:
        with Ledger(self._path, write=False) as ledger:
            found = ledger.one(f"SELECT sum(max(parts, 1)) FROM documents WHERE {self._where}")  # noqa: S608
        return len(self._refused) + ((found[0] if found else 0) or 0)

    def __iter__(self) -> Iterator[Row]:
        yield from self._refused
        with Ledger(self._path, write=False) as ledger:
            for row, made, source in rows_of(ledger, self._where, self._order):
                yield replace(row, unchanged=made != self._run, source=source)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self._path, self._where))


def rows_of(ledger: Ledger, where: str, order: str) -> Iterator[tuple[Row, int, str]]:
    """The rows of documents ``where`` it is so, with the run that made them and their sources.

    Those of a volume's parts stand in place of its own.
    """
    found = ledger.all(
        "SELECT documents.number, row, made_run, source, parts FROM documents "  # noqa: S608
        f"JOIN rows USING(number) WHERE {where} ORDER BY {order}"
    )
    for number, text, made, source, parts in found:
        texts = [text]
        if parts:
            some = ledger.all("SELECT row FROM parts WHERE number=? ORDER BY place", [number])
            texts = [part for (part,) in some]
        for one in texts:
            yield read_row(one), made, source


def row_json(row: Row) -> str:
    """``row`` as the ledger stores it."""
    return to_json(replace(row, unchanged=False), indent=None)


def read_row(text: str) -> Row:
    """The row in ``text``, of :func:`row_json`."""
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError:  # an unpaired surrogate, which only Python's own reader takes
        return msgspec.convert(json.loads(text), Row)
