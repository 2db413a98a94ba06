"""What a reader of fields gives, and names, matched against ``names.toml`` in their case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import regex

from pipeline.fuzzy import folded, most_like
from pipeline.lexicon import nominative
from pipeline.model import Box, Field, Line, Reason
from pipeline.resources import language
from pipeline.resources.language import Case

_LIKE, _LEAD = 0.68, 0.05
"""Likeness from which a garbled name counts as a known one, and how far ahead of the next."""

_TITLE = "Разметка"
"""The title of the copy list stands in the first copy's place."""

_AS_READ = regex.compile(r"\p{Cyrillic}[\p{Cyrillic}-]{3,}")

_EXACT = 0.97
"""Confidence in a value that fits its pattern and was read from raw text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A field's value with the text it was read from; ``likeness`` is 0.0-1.0."""

    name: str
    value: str
    raw: str
    why: str = "fits its pattern"
    likeness: float = 1.0
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name: what it is, how much the reading looks like it (0.0-1.0), and why."""

    value: str
    likeness: float
    why: str

    def found(self, field: str, raw: str) -> Found:
        """The value of ``field`` that this name is, read from ``raw``."""
        return Found(name=field, value=self.value, raw=raw, why=self.why, likeness=self.likeness)


def receiver(read: str) -> Name | None:
    """The addressee of a copy: a known name in the dative somewhere in ``read``, or as read."""
    if len(folded(read)) < 4:
        return None
    forms = {p.dative: p.dative for p in language.names().receivers}
    found = _known(read, forms | {_TITLE: ""})
    if found is not None:
        return found if found.value else None
    word = max(regex.findall(r"\p{L}[\p{L}-]*", read), key=len, default="")
    if not _AS_READ.fullmatch(word) or not word.istitle() or word[-1] not in "уюоеи":
        return None
    return Name(value=word, likeness=0.5, why=f"not a known name, as read: {word}")


def person(read: str, case: Case) -> Name | None:
    """A person's surname in the nominative, in the capitals of ``read``.

    ``case``: the key of ``config/language/names.toml`` for the form it stands in (``name``,
    ``genitive``, ``dative``). Unknown names are kept as read, put into the nominative where
    the dictionary is certain of it; ``None`` where there is no name.
    """
    word = _stripped(read)
    if len(folded(word)) < 3:
        return None
    forms = {p.in_case(case): p.name for p in language.names().people}
    found = _known(word, forms)
    if found is None:
        if not _AS_READ.fullmatch(word):
            return None
        value = nominative(word)
        found = Name(value=value, likeness=0.5, why=f"not a known name, as read: {word}")
    mostly_capitals = 2 * sum(c.isupper() for c in word) > len(word)
    return replace(found, value=found.value.upper()) if mostly_capitals else found


def clerk(read: str) -> Name | None:
    """Who released a telegram, in the nominative; unknown names as read."""
    names = language.names()
    forms = {name: name for name in (*names.clerks, *(p.name for p in names.people))}
    found = _known(_stripped(read), forms)
    return found or person(read, "name")


def office(read: str) -> Name | None:
    """Where a telegram comes from, in the nominative; ``read`` is what follows "Из"."""
    forms = {form: o.name for o in language.names().offices for form in (o.typed, o.name)}
    return _known(read, forms)


def _stripped(read: str) -> str:
    """Take what is no letter off the ends of ``read``."""
    return regex.sub(r"^[^\p{L}]+|[^\p{L}]+$", "", read)


def _known(read: str, forms: dict[str, str]) -> Name | None:
    """The name of ``forms`` (form to value) that ``read`` holds, if one is clearly ahead."""
    found = most_like(read, forms, within=True)
    if found is None or found.likeness < _LIKE:
        return None
    value = forms[found.word]
    others = [word for word, other in forms.items() if other != value]
    second = most_like(read, others, within=True)
    lead = found.likeness - (second.likeness if second else 0.0)
    if lead < _LEAD:
        return None
    why = f"looks like {found.word} ({found.likeness:.0%}, the next name {lead:.0%} less)"
    return Name(value=value, likeness=found.likeness, why=why)


Reader = Callable[[Line], Iterator[Found]]


def as_field(found: Found, line: Line) -> Field:
    """Make ``found``, which was read from ``line``, a field of the form.

    Its confidence is the likeness, less what the engine doubts of the line (half of it: a
    value that fits is better than its line).
    """
    read = line.reading.confidence
    engine = 1.0 if read is None else 0.5 + 0.5 * read
    return Field(
        name=found.name,
        value=found.value,
        raw=found.raw,
        number=found.number,
        box=_box(found, line),
        confidence=round(_EXACT * min(1.0, max(0.0, found.likeness)) * engine, 3),
        reasons=(
            Reason(
                rule=f"form-{found.name.replace('_', '-')}",
                evidence=f"read from {' '.join(found.raw.split())!r}: {found.why}",
                weight=0.0,
            ),
        ),
    )


def _box(found: Found, line: Line) -> Box | None:
    """The box of the words it was read from, where they can be told; else the line's."""
    words = [w.box for w in line.reading.words if w.box and w.text.strip() in found.raw]
    return words[0] if len(words) == 1 and len(found.raw.split()) == 1 else line.box
