"""What each line of a page is, from the form's vocabulary and the order of its parts.

A telegram's parts come in an order: letterhead, head line, copy list, special numbers,
urgency, addressee, body, signature, foot. The running text is found first; vocabulary of
the head counts only above it and vocabulary of the foot only below it, so a page without
a form, or whose body starts at the top, has nothing to lose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.model import LineKind
from pipeline.noise.features import Features
from pipeline.noise.vocabulary import is_table, is_urgency, matches, phrase_share

_SHEET_NUMBER = regex.compile(r"\W*\d{1,7}\W*")
_PERSON = regex.compile(
    r"\W*(?:\p{Lu}\.\s?){0,2}\p{Lu}[\p{L}-]{2,}(?:\s+\p{Lu}[\p{L}-]{2,}){0,2}\W*"
)
_RULED = regex.compile(r"[|№\[\]]")
_ENDS_SENTENCE = regex.compile(r"[.!?;:,]\s*$")
_WORDY = 8
_IN_HEAD = 0.3
_LEGIBLE = 0.4
"""Share of letters that form phrases must cover for a line to be the form's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """Positions of the first and last line of running text; ``has_form`` if a form is seen.

    Where a page has no running text, ``first`` is its number of lines and ``last`` is -1.
    """

    first: int
    last: int
    has_form: bool


def find_zones(page: Sequence[Features]) -> Zones:
    """Where the running text of ``page`` begins and ends, and whether there is a form."""
    marks = [_is_form_mark(line) for line in page]
    running = [i for i, line in enumerate(page) if not marks[i] and _is_running(line, 4, 0.6)]
    if not running:
        running = _short_text(page, marks)
    if not running:
        return Zones(first=len(page), last=-1, has_form=any(marks))
    return Zones(first=_after_addressee(page, running[0]), last=running[-1], has_form=any(marks))


def _short_text(page: Sequence[Features], marks: Sequence[bool]) -> list[int]:
    # A text of a few words, or one badly read: it stands below what the head of a form says.
    head = [i for i, line in enumerate(page) if _is_head_mark(line)]
    some = [i for i, line in enumerate(page) if not marks[i] and _is_running(line, 1, 0.5)]
    below = [i for i in some if not head or i > head[-1]]
    return below or some


def _is_head_mark(line: Features) -> bool:
    if is_urgency(line.text) or is_table(line.text):
        return True
    return any(_says(line, part) for part in ("special", "head", "addressee"))


def _after_addressee(page: Sequence[Features], first: int) -> int:
    # What follows the addressee is the text, however short its first line.
    addressees = [i for i in range(first) if _is_addressee(page[i])]
    return addressees[-1] + 1 if addressees else first


def kind_of(index: int, page: Sequence[Features], zones: Zones, probability: float) -> LineKind:
    """The kind of line ``index`` of ``page``; noise only where ``probability`` is low (<0.25)."""
    line = page[index]
    if matches(line.text, "page_number"):
        return LineKind.PAGE_NUMBER
    if index < zones.first:
        kind = _head_kind(line, zones)
    elif index > zones.last:
        kind = _foot_kind(line)
    else:
        kind = _inner_kind(line, zones)
    if kind is not None:
        return kind
    if probability < 0.25:
        return LineKind.TABLE if line.line.raw.count("\t") > 3 else LineKind.NOISE
    return _plain_kind(index, page, zones)


def _head_kind(line: Features, zones: Zones) -> LineKind | None:
    if any(_says(line, part) for part in ("special", "head")):
        return LineKind.FORM
    if is_table(line.text) or (zones.has_form and _is_ruled(line)):
        return LineKind.TABLE
    if phrase_share(line.text, "letterhead") > (_IN_HEAD if zones.has_form else _LEGIBLE):
        return LineKind.FORM
    if zones.has_form and (is_urgency(line.text) or _SHEET_NUMBER.fullmatch(line.text)):
        return LineKind.FORM
    if _is_addressee(line):
        return LineKind.ADDRESSEE
    return None


def _foot_kind(line: Features) -> LineKind | None:
    if _says(line, "foot") or phrase_share(line.text, "foot") > _LEGIBLE:
        return LineKind.FORM
    if is_table(line.text):
        return LineKind.TABLE
    if _is_signature(line):
        return LineKind.SIGNATURE
    return None


def _inner_kind(line: Features, zones: Zones) -> LineKind | None:
    if is_table(line.text) and line.russian_words < 3:
        return LineKind.TABLE
    if zones.has_form and phrase_share(line.text, "letterhead") > 0.8 and line.russian_words < 4:
        return LineKind.FORM
    return None


def _plain_kind(index: int, page: Sequence[Features], zones: Zones) -> LineKind:
    line = page[index]
    if not line.upper or line.cyrillic < 6 or len(line.text) > 80:
        return LineKind.BODY
    return LineKind.HEADING if index < zones.last or len(page) == 1 else LineKind.BODY


def _is_addressee(line: Features) -> bool:
    return len(line.text) < 90 and _says(line, "addressee")


def _is_signature(line: Features) -> bool:
    if _ENDS_SENTENCE.search(line.text) and not line.text.rstrip().endswith("."):
        return False
    return line.upper and len(line.text) < 40 and _PERSON.fullmatch(line.text) is not None


def _is_form_mark(line: Features) -> bool:
    parts = ("special", "head", "addressee", "foot", "page_number")
    if any(_says(line, part) for part in parts) or is_table(line.text):
        return True
    return max(phrase_share(line.text, p) for p in ("letterhead", "foot")) > _LEGIBLE


def _is_ruled(line: Features) -> bool:
    # Above the text of a form, a bar or a number sign is the copy list's, not the typist's.
    return line.russian_words < 4 and _RULED.search(line.text) is not None


def _says(line: Features, part: str) -> bool:
    # A form's line names things, it does not tell a story: with many words it is text.
    return line.russian_words < _WORDY and matches(line.text, part)


def _is_running(line: Features, words: int, share: float) -> bool:
    if line.upper or line.russian_words < words or not line.letters:
        return False
    return max(line.known_letters, line.likely_letters) / line.letters >= share
