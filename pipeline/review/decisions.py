"""The nouns of the editor's work: what was decided of a line, a page or a field, and by whom.

A *state* is all that is decided of one of them; a default state decides nothing. An *event* takes
one or more of them from one state to another, together. States are told apart by *keys*, which
last: a line's key is made when it is first decided on, and goes on to the line of a later run that
stands in its place (:mod:`pipeline.review.places`). Everything here is frozen, and JSON in the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from pipeline.model import Box, LineKind, Verdict

EDITOR = "editor"
"""Rule of the edits and reasons that come from a person; reader of a line typed anew."""

ILLEGIBLE = "[нрзб.]"
"""What stands for a word that cannot be read, as Russian editions print it."""


class PageStatus(StrEnum):
    """How far a page is; ``CHECKED`` is by another person than ``LOOKED``."""

    OPEN = "open"
    LOOKED = "looked"
    CHECKED = "checked"
    PROBLEM = "problem"


class _State(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Frozen, and JSON without what has its default."""


class Note(_State, frozen=True, kw_only=True):
    """A remark on one word of a line; ``word`` is its index in the line's text, from 0."""

    word: int
    text: str


class LineState(_State, frozen=True, kw_only=True):
    """What is decided of a line; ``None`` is as the machine has it.

    ``text`` is the diplomatic text; a line feed in it parts the line in two. ``joined``: it goes
    on with the line before it, whose text holds its own. ``seen``: words of the machine's reading
    (indices from 0) that a person confirmed.
    """

    text: str | None = None
    kind: LineKind | None = None
    verdict: Verdict | None = None
    paragraph: bool | None = None
    joined: bool = False
    seen: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()


class Anchor(_State, frozen=True, kw_only=True):
    """Where a line stood in the run in which it was decided on, and what was read there.

    ``base`` is that run's fingerprint. ``box`` is left, top, right, bottom in scan pixels; ``raw``
    the reading, ``text`` the machine's diplomatic text.
    """

    base: str
    id: str
    page: int
    raw: str
    text: str
    box: tuple[int, int, int, int] | None = None


class Approved(_State, frozen=True, kw_only=True):
    """A line as a person approved it with its page: no later run changes it unasked."""

    anchor: Anchor
    text: str
    kind: LineKind
    verdict: Verdict
    paragraph: bool = False


class PageState(_State, frozen=True, kw_only=True):
    """What is decided of a page, and its lines as they stood when it was approved.

    ``first`` is who looked at it, kept while another person checks it.
    """

    status: PageStatus = PageStatus.OPEN
    note: str = ""
    first: str = ""
    lines: tuple[Approved, ...] = ()


class FieldState(_State, frozen=True, kw_only=True):
    """The value of a field of the form; ``None`` as read, empty: the form has none."""

    value: str | None = None


State = LineState | PageState | FieldState


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of the work, as the log has it.

    ``number`` counts up over all documents. ``base`` is the fingerprint of the result that the
    editor saw. ``line`` is the id of the (first) line, page or field, for people. ``asked`` says
    whether the page had asked for it (``doubt``, ``audit``, ``again``) or the editor came by it.
    ``before`` and ``after`` hold the states by key, ``anchors`` the places of the lines among them.
    ``undoes``: the number of the event that this one takes back.
    """

    document: str
    user: str
    base: str
    action: str
    before: dict[str, State]
    after: dict[str, State]
    anchors: dict[str, Anchor] = field(default_factory=dict)
    line: str = ""
    asked: str = ""
    undoes: int | None = None
    number: int = 0
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """All that is known of one key: its state now, and where it last stood.

    ``revision`` is the number of its last event, which ``user`` made at ``time``.
    """

    key: str
    state: State
    revision: int
    user: str
    time: str
    anchor: Anchor | None = None


def line_key(base: str, line_id: str) -> str:
    """The key of a line that is decided on for the first time."""
    return f"line:{base[:12]}:{line_id}"


def page_key(number: int) -> str:
    """The key of a page; pages keep their numbers in every run."""
    return f"page:{number}"


def field_key(name: str, number: int | None, telegram: int | None) -> str:
    """The key of a field of the form."""
    return f"field:{name}:{'' if number is None else number}:{telegram or ''}"


def default_of(key: str) -> State:
    """The state of ``key`` while nothing is decided.

    Raises:
        ValueError: it is no key.

    """
    return state_type(key)()


def state_type(key: str) -> type[State]:
    """Of what kind the states of ``key`` are.

    Raises:
        ValueError: it is no key.

    """
    kinds: dict[str, type[State]] = {
        "line": LineState,
        "page": PageState,
        "field": FieldState,
    }
    kind = kinds.get(key.partition(":")[0])
    if kind is None:
        raise ValueError(f"no key of a line, page or field: {key!r}")
    return kind


def box_of(anchor: Anchor) -> Box | None:
    """The anchor's box; ``None`` where the input had no picture."""
    if anchor.box is None:
        return None
    left, top, right, bottom = anchor.box
    return Box(left=left, top=top, right=right, bottom=bottom)
