"""What is known of Russian and of telegram forms, written by hand: ``config/language/``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pipeline.resources.tables import Table, read_table

Case = Literal["name", "genitive", "dative"]
"""The form a person's name stands in; ``name`` is the nominative."""

SectionName = Literal[
    "letterhead", "head", "table", "special", "urgency", "addressee", "salutation", "date",
    "closing", "note", "stamp", "foot", "page_number",
]  # fmt: skip


class Section(Table, frozen=True, kw_only=True):
    """What one kind of line on a form says.

    ``phrases`` and ``first`` (words that such a line begins with) are matched fuzzily,
    ``stems`` are how words begin, ``patterns`` are regular expressions, ``words`` the whole
    line.
    """

    phrases: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class CopyList(Section, frozen=True, kw_only=True):
    """The list of copies: so many of them side by side, and one below the other."""

    columns: int
    rows: int


class Merged(Table, frozen=True, kw_only=True):
    """Regular expressions of what a merged line has at its ``left`` and at its ``right``."""

    left: str
    right: str


class Form(Table, frozen=True, kw_only=True):
    """``form.toml``: what the lines of a form say, and where merged ones are cut."""

    letterhead: Section
    head: Section
    table: CopyList
    special: Section
    urgency: Section
    addressee: Section
    salutation: Section
    date: Section
    closing: Section
    note: Section
    stamp: Section
    foot: Section
    page_number: Section
    split: tuple[Merged, ...]

    def section(self, name: SectionName) -> Section:
        """The section of that name."""
        found: Section = getattr(self, name)
        return found


class Office(Table, frozen=True, kw_only=True):
    """A place: in the nominative, and as it is ``typed`` after "Из"; in capitals."""

    name: str
    typed: str


class Person(Table, frozen=True, kw_only=True):
    """A surname in its cases; who ``receives`` telegrams signs none."""

    name: str
    genitive: str
    dative: str
    receives: bool = False

    def in_case(self, case: Case) -> str:
        """The surname in ``case``."""
        return {"name": self.name, "genitive": self.genitive, "dative": self.dative}[case]


class Names(Table, frozen=True, kw_only=True):
    """``names.toml``: places and people, and words that stand on a form by hand or stamp."""

    offices: tuple[Office, ...]
    people: tuple[Person, ...]
    clerks: tuple[str, ...]
    typists: tuple[str, ...]
    urgencies: tuple[str, ...]
    boxed_stamps: tuple[str, ...]
    round_stamps: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def receivers(self) -> tuple[Person, ...]:
        """The people of copy lists."""
        return tuple(person for person in self.people if person.receives)


class Words(Table, frozen=True, kw_only=True):
    """``words.toml``: words of the time that a modern dictionary lacks."""

    trade: tuple[str, ...]
    abbreviations: tuple[str, ...]
    names: tuple[str, ...]


class Vocabulary(Table, frozen=True, kw_only=True):
    """``vocabulary.toml``: dictionary forms of the words of offices, parted by white space."""

    verbs: str
    nouns: str
    others: str


class Alike(Table, frozen=True, kw_only=True):
    """``groups`` of letters any two of which are taken for each other."""

    groups: tuple[str, ...]


class Confusables(Table, frozen=True, kw_only=True):
    """``confusables.toml``: what machines take Russian letters for, by their look.

    ``folds``: a sign of another script, or a figure, to the letter it stands for. ``built``: what
    engines write for a letter, or two, out of pieces of other letters and signs.
    """

    folds: Mapping[str, str]
    alike: Alike
    built: Mapping[str, tuple[str, ...]]


@cache
def form() -> Form:
    """What a telegram form says."""
    return read_table("language/form.toml", Form)


@cache
def names() -> Names:
    """Places and people."""
    return read_table("language/names.toml", Names)


@cache
def words() -> Words:
    """Period words."""
    return read_table("language/words.toml", Words)


@cache
def vocabulary() -> Vocabulary:
    """Words of official correspondence."""
    return read_table("language/vocabulary.toml", Vocabulary)


@cache
def confusables() -> Confusables:
    """Letters that look alike."""
    return read_table("language/confusables.toml", Confusables)
