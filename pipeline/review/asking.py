"""What an editor asks for: requests as the page sends them, and why one is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
import regex
from msgspec import Meta

from pipeline.model import LineKind
from pipeline.review.decisions import Event, PageStatus, Thread
from pipeline.review.places import Decisions
from pipeline.store import StoredDocument

LONGEST_TEXT = 5_000
LONGEST_NOTE = 2_000
_CONTROL = regex.compile(r"[\p{Cc}\p{Zl}\p{Zp}]+")

Action = Literal[
    "text", "accept", "illegible", "note", "kind", "drop", "restore", "paragraph", "split",
    "join", "page", "field", "apply", "set_aside", "undo", "redo", "take_in",
]  # fmt: skip


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page sends. ``seen`` holds the revision of each key as the editor saw it.

    ``line`` is the id of a line of the machine's, ``part`` which of the lines it was cut into.
    ``word`` counts the words of that part's text, for ``accept`` the machine's words of ``line``.
    ``key`` is that of a field or of a question.
    """

    action: Action
    base: str
    line: Annotated[str, Meta(max_length=200)] = ""
    part: Annotated[int, Meta(ge=0)] = 0
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    word: Annotated[int, Meta(ge=-1)] = -1
    kind: LineKind | None = None
    page: int = 0
    status: PageStatus | None = None
    key: Annotated[str, Meta(max_length=300)] = ""
    asked: Literal["", "doubt", "audit", "again"] = ""
    seen: dict[str, int] = {}


class RefusedError(Exception):
    """The action makes no sense; ``word`` is the key of the sentence that says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that an action starts from: the result, what is decided of it, and the log of it."""

    stored: StoredDocument
    decisions: Decisions
    threads: Mapping[str, Thread]
    events: Sequence[Event]
    kinds: Sequence[LineKind]
    user: str


def tidy(text: str) -> str:
    """``text`` as one line: composed (NFC), no control characters, no white space at its ends."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()
