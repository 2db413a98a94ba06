"""What is on the sheet, before it is typed: a telegram, a letter or a list."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from pipeline.errors import ConfigError, InputMissingError, InputUnreadableError
from pipeline.model import LineKind
from pipeline.resources.facsimile import Trait

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_TYPED_ROMAN = str.maketrans({"V": "У", "X": "Х"})


class Passage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is not a paragraph; one of the first five is given.

    ``table``: rows of as many cells each, the first a name, the rest figures, ``gap``
    characters between columns. ``verse``: lines to be kept. ``items``: a mark, a space and
    text each. ``pairs``: two texts side by side, the second from the character ``first`` on,
    both wrapped. ``heading``: a line in the middle. ``leading`` of table and verse in pixels
    at 200 dpi.
    """

    table: tuple[tuple[str, ...], ...] = ()
    verse: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    heading: str = ""
    first: Annotated[int, Meta(ge=1, le=100)] = 40
    gap: Annotated[int, Meta(ge=1, le=20)] = 4
    leading: Annotated[int, Meta(ge=30, le=80)] = 35

    def __post_init__(self) -> None:
        if sum(map(bool, (self.table, self.verse, self.items, self.pairs, self.heading))) != 1:
            raise ValueError("a passage is one of `table`, `verse`, `items`, `pairs`, `heading`")
        if len({len(row) for row in self.table}) > 1 or self.table[:1] == ((),):
            raise ValueError("all rows of a `table` must have as many cells")


Body = Annotated[tuple[str | Passage, ...], Meta(min_length=1)]
"""Paragraphs and passages, one at least."""

Ones = Literal["1", "I", "l"]
"""The character that the machine types for the figure 1."""


class Telegram(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A telegram on its form.

    ``origin`` is typed after "Из", ``origin_name`` and ``addressee_name`` are what the
    fields hold; ``numbers`` stand one above the other, the last on the head line;
    ``copies``: copy number (2 to 21) to name in the dative. ``dispatched`` and
    ``registry`` may be empty. ``typewriter`` is a name of ``config/facsimile/facsimile.toml``,
    ``pitch`` in characters an inch, ``leading`` in pixels at 200 dpi. ``slips``: the typist
    makes and mends some (see ``config/facsimile/habits.toml``). ``traits``: what its sheets
    have besides; ``second``: the typewriter that a part of it is typed on, if any.
    """

    sheet_number: str
    registry: str = ""
    origin: str
    origin_name: str
    numbers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)]
    time: Annotated[str, Meta(pattern=r"^\d\d:\d\d$")]
    date: dt.date
    special_numbers: tuple[str, ...]
    urgency: str
    addressee: str
    addressee_name: str
    signature: str
    copies: dict[Annotated[int, Meta(ge=2, le=21)], str]
    copies_made: str
    typist: str
    typed_time: str
    dispatched: str = ""
    released_by: str
    typewriter: str = "gnu"
    pitch: Annotated[int, Meta(ge=8, le=15)] = 10
    leading: Annotated[int, Meta(ge=30, le=80)] = 50
    ones: Ones = "1"
    slips: bool = False
    body: Body
    traits: tuple[Trait, ...] = ()
    second: str = ""

    @property
    def day(self) -> str:
        """Day and month as fields have them: ``14.V``."""
        return f"{self.date.day}.{MONTHS[self.date.month - 1]}"

    @property
    def typed_day(self) -> str:
        """Day and month as typed on a machine without Latin letters: ``14.У``."""
        return self.day.translate(_TYPED_ROMAN)


class Aside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a letter outside its text; ``gap``: leadings above it."""

    text: str
    kind: LineKind
    align: Literal["left", "indent", "centre", "right"] = "left"
    gap: float = 1.0


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter or a list, typed on plain paper.

    ``top`` (the first baseline), ``left``, ``measure`` (the length of a full line) and
    ``leading`` are in pixels at 200 dpi, ``pitch`` in characters an inch; ``gap``: leadings
    more between paragraphs. ``signed``: somebody signs by hand beside the typed signature.
    ``addressees``, ``signature``, ``signature_post``: what the fields hold, where they are
    known. ``traits``, ``second``: as for :class:`Telegram`.
    """

    head: tuple[Aside, ...]
    body: Body
    tail: tuple[Aside, ...]
    signed: bool = True
    typewriter: str = "gnu"
    pitch: Annotated[int, Meta(ge=8, le=15)] = 10
    leading: Annotated[int, Meta(ge=30, le=80)] = 50
    top: Annotated[int, Meta(ge=60, le=800)] = 200
    left: Annotated[int, Meta(ge=60, le=500)] = 200
    measure: Annotated[int, Meta(ge=600, le=1500)] = 1250
    gap: Annotated[float, Meta(ge=0, le=2)] = 0.0
    ones: Ones = "1"
    slips: bool = False
    addressees: tuple[str, ...] = ()
    signature: str = ""
    signature_post: str = ""
    traits: tuple[Trait, ...] = ()
    second: str = ""

    @property
    def width(self) -> int:
        """Characters in a full line."""
        return self.measure * self.pitch // 200


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A printed form filled in by machine.

    ``answers``: printed words and what is typed after them; ``story``: paragraphs under the
    printed ``story_title``. ``signature`` as typed, ``signature_name`` as the field has it.
    The rest as for :class:`Telegram`.
    """

    title: str
    answers: tuple[tuple[str, str], ...]
    story_title: str
    story: Body
    signature_post: str
    signature: str
    signature_name: str
    dated: str
    typewriter: str = "gnu"
    pitch: Annotated[int, Meta(ge=8, le=15)] = 10
    leading: Annotated[int, Meta(ge=30, le=80)] = 35
    ones: Ones = "1"
    slips: bool = False
    traits: tuple[Trait, ...] = ()
    second: str = ""


class Spread(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two facing sheets on one scan, typed on one machine: that of the left one."""

    left: Paper
    right: Paper

    @property
    def typewriter(self) -> str:
        """The typewriter of both sheets."""
        return self.left.typewriter

    @property
    def pitch(self) -> int:
        """Characters an inch."""
        return self.left.pitch

    @property
    def ones(self) -> Ones:
        """The character typed for the figure 1."""
        return self.left.ones

    @property
    def traits(self) -> tuple[Trait, ...]:
        """What the scan has besides its damage."""
        return self.left.traits

    @property
    def second(self) -> str:
        """The second typewriter, if any."""
        return self.left.second


Content = Telegram | Paper | Questionnaire | Spread


def read_source(source: Path) -> Telegram | tuple[str, ...]:
    """The telegram described in the TOML file ``source``, or the paragraphs of a text.

    A description has the keys of :class:`Telegram` (as
    ``config/facsimile/roshchin.toml``); any other file is plain UTF-8 text, one paragraph a line.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is neither, or empty.
        ConfigError: the description lacks a key or has a wrong one.

    """
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputMissingError(source, "does not exist") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(source, f"is not a UTF-8 text: {error}") from error
    if source.suffix == ".toml":
        try:
            return msgspec.convert(tomllib.loads(text), Telegram, strict=False)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise ConfigError(source, f"does not describe a telegram: {error}") from error
    paragraphs = tuple(" ".join(row.split()) for row in text.splitlines() if row.strip())
    if not paragraphs:
        raise InputUnreadableError(source, "has no text to type")
    return paragraphs
