"""What facsimiles and the lines of training are drawn from (``config/facsimile/``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from msgspec import Meta

from pipeline.resources.tables import Table, read_table

Range = tuple[float, float]
Share = Annotated[float, Meta(ge=0, le=1)]
Shares = tuple[Share, Share]
Positive = Annotated[float, Meta(gt=0)]
Kind = Literal[
    "telegram", "letter", "list", "page", "addressees", "posts", "questionnaire", "spread"
]
"""What is made up."""

Trait = Literal[
    "single", "names", "handwriting", "machines", "binding", "next-sheet", "ribbon", "carbon",
    "watermark",
]  # fmt: skip
"""What a page may have besides its damage; ``docs/facsimile.md`` says what each is."""


class Face(Table, frozen=True, kw_only=True):
    """A font's file, and the Debian package that has it."""

    file: str
    package: str


class FaceRoles(Table, frozen=True, kw_only=True):
    """The faces by what they stand for on a sheet."""

    typed: Face
    typed_fallback: Face
    printed: Face
    printed_bold: Face
    hand: Face
    stamp: Face


class TypewriterFace(Table, frozen=True, kw_only=True):
    """A typewriter: ``bold``, pixels (400 dpi) its strokes gain; ``lacks``, signs it lends."""

    name: str
    file: str
    package: str
    bold: int
    lacks: str


class Severity(Table, frozen=True, kw_only=True):
    """The damage of one severity; meanings and units stand in ``facsimile.toml``."""

    jitter: Range
    tilt: Range
    ink: Shares
    uneven: Shares
    half_struck: Shares
    ribbon: Shares
    clog: Shares
    spread: Range
    rough: Range
    carbon: Shares
    blur: Range
    paper: Range
    stain: Range
    grain: Range
    dust: Range
    skew: Range
    curl: Range
    perspective: Range
    fold: Shares
    creases: Range
    holes: Share
    copy: Shares
    border: Range
    show_through: Shares
    stamps: Range
    form_strokes: Range
    body_strokes: Range
    underlines: Range
    pencil: Share
    notes: Range
    rules: Range
    colour: Share
    sensor: Range
    quality: Range
    dpi: Range
    one_bit: Share


class Facsimile(Table, frozen=True, kw_only=True):
    """``facsimile.toml``: the faces, and the damage of each severity from 0 on."""

    faces: FaceRoles
    typewriters: Annotated[tuple[TypewriterFace, ...], Meta(min_length=1)]
    severity: tuple[Severity, ...]


class TraitSeverity(Table, frozen=True, kw_only=True):
    """How far the traits of one severity go; meanings and units stand in ``traits.toml``."""

    binding_drop: Range
    binding_reach: Range
    binding_squeeze: Range
    binding_shadow: Shares
    binding_margin: Range
    binding_shown: Range
    next_sheet: Range
    ribbon_lost: Shares
    ribbon_faint: Shares
    half_struck: Shares
    carbon_ink: Shares
    carbon_halo: Shares
    through: Shares
    watermark: Shares
    off_lines: Range


class Traits(Table, frozen=True, kw_only=True):
    """``traits.toml``: the traits of each severity from 0 on."""

    severity: tuple[TraitSeverity, ...]


class Question(Table, frozen=True, kw_only=True):
    """One printed line of a form, and what may be typed after it; braces are filled."""

    label: str
    answers: Annotated[tuple[str, ...], Meta(min_length=1)]


class Pages(Table, frozen=True, kw_only=True):
    """``pages.toml``: names that no table has, and what stands on the further kinds of pages."""

    stems: tuple[str, ...]
    endings: tuple[tuple[str, str, str], ...]
    places: tuple[tuple[str, str], ...]
    outside: Share
    hand_words: tuple[int, int]
    sections: tuple[str, ...]
    corners: tuple[str, ...]
    signers: tuple[str, ...]
    list_heads: tuple[str, ...]
    bodies: tuple[str, ...]
    posts: tuple[str, ...]
    post_titles: tuple[str, ...]
    form_titles: tuple[str, ...]
    form_story: tuple[str, ...]
    ranks: tuple[str, ...]
    first_names: tuple[str, ...]
    patronymics: tuple[str, ...]
    questions: tuple[Question, ...]
    watermarks: tuple[str, ...]


class Slips(Table, frozen=True, kw_only=True):
    """Probability of each slip for each typed line of running text."""

    struck_over: Share
    crossed_out: Share
    underlined: Share


class Habits(Table, frozen=True, kw_only=True):
    """``habits.toml``: the share of typists that have each habit, and their slips."""

    shares: Mapping[str, Share]
    slips: Slips


class Phrases(Table, frozen=True, kw_only=True):
    """``phrases.toml``: what stands in and around made-up text; braces are filled."""

    inside: tuple[str, ...]
    after_comma: tuple[str, ...]
    table_titles: tuple[str, ...]
    goods: tuple[str, ...]
    columns: tuple[str, ...]
    letter_titles: tuple[str, ...]
    list_titles: tuple[str, ...]
    salutations: tuple[str, ...]
    offices: tuple[str, ...]
    dates: tuple[str, ...]
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    closings: tuple[str, ...]
    marks: tuple[str, ...]
    yo: Mapping[str, str]


class SetDocument(Table, frozen=True, kw_only=True):
    """One document of every severity of a set; ``lines``: least and most of its body."""

    kind: Kind
    lines: tuple[Annotated[int, Meta(ge=1)], Annotated[int, Meta(le=60)]]
    figures: bool = False
    verse: bool = False
    traits: tuple[Trait, ...] = ()


class SetOfPages(Table, frozen=True, kw_only=True):
    """One set: its typewriters, its first seed, the digests of what is typed and done.

    ``further``: it has the further documents, with traits.
    """

    faces: Annotated[tuple[str, ...], Meta(min_length=1)]
    seed: int
    texts: str
    damage: str
    further: bool = False


class Sets(Table, frozen=True, kw_only=True):
    """``sets.toml``: the documents of the two kinds of sets, and the sets by name."""

    documents: Annotated[tuple[SetDocument, ...], Meta(min_length=1, max_length=99)]
    further_documents: Annotated[tuple[SetDocument, ...], Meta(min_length=1, max_length=99)]
    sets: Mapping[str, SetOfPages]


class TrainingFace(Table, frozen=True, kw_only=True):
    """A face that lines are typed in; meanings stand in ``training.toml``."""

    file: str
    share: Positive
    bold: tuple[int, int]
    squeezed: bool


class Training(Table, frozen=True, kw_only=True):
    """``training.toml``: the faces to learn from, and those that are never learned from."""

    letters: tuple[str, ...]
    faces: tuple[TrainingFace, ...]
    held_out: tuple[TrainingFace, ...]


@cache
def facsimile() -> Facsimile:
    """Faces and damage."""
    return read_table("facsimile/facsimile.toml", Facsimile)


@cache
def traits() -> Traits:
    """How far traits go."""
    return read_table("facsimile/traits.toml", Traits)


@cache
def pages() -> Pages:
    """What stands on the further kinds of pages."""
    return read_table("facsimile/pages.toml", Pages)


@cache
def habits() -> Habits:
    """Habits and slips of typists."""
    return read_table("facsimile/habits.toml", Habits)


@cache
def phrases() -> Phrases:
    """Phrases of made-up text."""
    return read_table("facsimile/phrases.toml", Phrases)


@cache
def sets() -> Sets:
    """The benchmark sets."""
    return read_table("facsimile/sets.toml", Sets)


@cache
def training() -> Training:
    """Faces of training."""
    return read_table("facsimile/training.toml", Training)
