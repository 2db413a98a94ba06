"""Names of people and places, as they were read; the table of names mends what is in doubt.

A name that the readers were sure of is given as it stands, whoever it is; in another case only
where the dictionary is certain. ``names.toml`` tells which name a piece of garble may have been,
and a field that was mended so says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.fuzzy import folded, most_like
from pipeline.lexicon import has_case, is_name, knows, nominative, plausibility
from pipeline.model import Line
from pipeline.resources import language
from pipeline.resources.language import Case

_LIKE, _LEAD = 0.68, 0.05
"""Likeness from which garble counts as a known name, and how far ahead of the next."""

_CHANGED = 0.25
"""The share of a word's letters that mending may change; scraps have no such measure."""

_SURE, _DOUBTED = 0.9, 0.5
"""Confidence from which a word is legible; and from which it is if the dictionary has it."""

_LIKELY = 1.3
"""Mean log10 frequency of letter triples that Russian words have."""

_TITLE = "Разметка"
"""The title of the copy list stands in the first copy's place."""

_WORD = regex.compile(r"\p{L}[\p{L}-]*")
_NAME_LIKE = regex.compile(r"\p{Lu}(?:[а-яё]+|[А-ЯЁ]+)(?:-\p{Lu}(?:[а-яё]+|[А-ЯЁ]+))?")
_RUSSIAN = regex.compile(r"[А-Яа-яЁё-]{4,}")
_DATIVE = regex.compile(r"\p{Lu}\p{Ll}+(?:[уюе]|[ая]го|ко|дзе|ли)")
_LEAST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as a field gives it.

    ``likeness`` (0.0-1.0): how much the reading looks like it. ``mended``: the table changed what
    was read. ``unknown``: neither the table nor the dictionary has it.
    """

    value: str
    why: str
    likeness: float = 1.0
    mended: bool = False
    unknown: bool = False


def confidence_in(line: Line, piece: str) -> float | None:
    """The least confidence of the words of ``line`` in which ``piece`` stands.

    That of the line where the words cannot be told; ``None`` where nothing is known.
    """
    start = line.raw.find(piece)
    end = start + len(piece)
    known = [
        word.confidence
        for word, (first, last) in zip(line.reading.words, line.reading.spans, strict=True)
        if start >= 0 and first < end and last > start and word.confidence is not None
    ]
    return min(known, default=line.reading.confidence)


def receiver(read: str, line: Line) -> Name | None:
    """The addressee of a copy, in the dative: as read, or the known name that the garble was."""
    if len(folded(read)) < _LEAST:
        return None
    forms = {form: p.dative for p in language.names().receivers for form in (p.dative, p.name)}
    found = _named(read, line, forms | {_TITLE: ""})
    if found is not None:
        return found if found.value else None
    word = _main_word(read)
    if not _DATIVE.fullmatch(word):
        return None
    return _as_read(word, word) if _is_name_like(word) or has_case(word, "dative") else None


def person(read: str, case: Case, line: Line, *, initials: bool = False) -> Name | None:
    """The surname in ``read``, in the nominative; in capitals where it is typed so.

    ``case`` is the one it stands in; ``initials`` stand beside it, so that it is a name whatever
    the dictionary takes it for. A name that no table has is put into the nominative where
    the dictionary is certain of it, else it stays as read; ``None`` where there is no name.
    """
    if len(folded(read)) < 3:
        return None
    forms = {p.in_case(case): p.name for p in language.names().people}
    found = _named(read, line, forms)
    word = _main_word(read)
    if found is None:
        in_case = case != "name" and has_case(word, case)
        shaped = len(word) >= _LEAST and _NAME_LIKE.fullmatch(word) is not None
        if not (_is_name_like(word) or (shaped and (initials or in_case))):
            return None
        value = word if case == "name" else nominative(word, case)
        found = _as_read(word, value)
    capitals = 2 * sum(c.isupper() for c in word) > len(word)
    return replace(found, value=found.value.upper()) if capitals else found


def clerk(read: str, line: Line) -> Name | None:
    """Who released a telegram, in the nominative; unknown names as read."""
    names = language.names()
    forms = {name: name for name in (*names.clerks, *(p.name for p in names.people))}
    return _named(read, line, forms) or person(read, "name", line)


def office(read: str, line: Line) -> Name | None:
    """The known place that a telegram comes from, in the nominative; ``read`` follows "Из"."""
    forms = {form: o.name for o in language.names().offices for form in (o.typed, o.name)}
    return _named(read, line, forms, within=True)


def place_as_read(read: str, line: Line) -> Name | None:
    """A place that no table has, in capitals: put into the nominative where that is certain.

    ``None`` where it is not legible.
    """
    word = "".join(read.split()) if " " in read.strip() else read.strip()
    confidence = confidence_in(line, read.strip())
    if (confidence is not None and confidence < _DOUBTED) or not _is_name_like(word.upper()):
        return None
    if not is_name(word) and plausibility(word) < _LIKELY:
        return None
    return _as_read(word, nominative(word, "genitive", place=True).upper())


def surnames(text: str) -> Iterator[str]:
    """The words of ``text`` that look like names, in order."""
    for match in _WORD.finditer(text):
        if _is_name_like(match[0]):
            yield match[0]


def _as_read(word: str, value: str) -> Name:
    known = is_name(word)
    declined = "" if value.lower() == word.lower() else f", declined from {word}"
    why = f"as read{declined}: no name of the table" + ("" if known else ", nor of the dictionary")
    return Name(value=value, why=why, unknown=not known)


def _main_word(read: str) -> str:
    """The longest word of ``read``; empty where there is none."""
    return max((match[0] for match in _WORD.finditer(read)), key=len, default="")


def _is_name_like(word: str) -> bool:
    """Whether ``word`` is in the letters of a name and no other word of the dictionary."""
    if len(word) < _LEAST or not _NAME_LIKE.fullmatch(word):
        return False
    return is_name(word) or not knows(word)


def _is_legible(word: str, line: Line) -> bool:
    """Whether the readers were sure of ``word``; of raw text only the dictionary can tell."""
    if len(word) < _LEAST or not _NAME_LIKE.fullmatch(word):
        return False
    confidence = confidence_in(line, word)
    if confidence is None:
        return is_name(word)
    return confidence >= _SURE or (confidence >= _DOUBTED and is_name(word))


def _named(read: str, line: Line, forms: Mapping[str, str], *, within: bool = False) -> Name | None:
    """The name of ``forms`` (form to value) that ``read`` is; ``None`` where it is none.

    ``within``: much else may stand in ``read``.
    """
    small = {form.lower().replace("ё", "е"): form for form in forms}
    for match in _WORD.finditer(read):
        if form := small.get(match[0].lower().replace("ё", "е")):
            return Name(value=forms[form], why="a known name, as read")
    word = _main_word(read)
    if not within and _is_legible(word, line):
        return None
    if (form := _of_another_reader(word, line, small)) is not None:
        why = f"mended: {word} was doubted, another reader has {form}"
        return Name(value=forms[form], why=why, likeness=0.9, mended=True)
    return _mended(read, word, forms)


def _of_another_reader(word: str, line: Line, small: Mapping[str, str]) -> str | None:
    """The known form that another reader has in the place of ``word``."""
    for other in line.alternatives:
        for match in _WORD.finditer(other.text):
            form = small.get(match[0].lower().replace("ё", "е"))
            if form is not None and _changed(word, form) <= 0.5:
                return form
    return None


def _mended(read: str, word: str, forms: Mapping[str, str]) -> Name | None:
    """The known name that garble looks like, if one is clearly ahead."""
    # Scraps may hold a name in pieces; a word that is whole can only be one that is like it.
    whole = _RUSSIAN.fullmatch(word) and len(folded(word)) > 0.7 * len(folded(read))
    read = word if whole else read
    found = most_like(read, forms, within=not whole)
    if found is None or found.likeness < _LIKE:
        return None
    if whole and _changed(word, found.word) > _CHANGED:
        return None
    value = forms[found.word]
    others = [form for form, other in forms.items() if other != value]
    second = most_like(read, others, within=not whole)
    lead = found.likeness - (second.likeness if second else 0.0)
    if lead < _LEAD:
        return None
    why = (
        f"mended by the table of names: looks like {found.word} ({found.likeness:.0%}, "
        f"the next name {lead:.0%} less)"
    )
    return Name(value=value, likeness=found.likeness, why=why, mended=True)


def _changed(word: str, form: str) -> float:
    """The share of letters that differ, 0.0 upwards; look-alikes of other scripts do not."""
    return Levenshtein.distance(folded(word), folded(form)) / max(1, len(folded(form)))
