"""Rules on what a line says: the vocabulary of forms, addressees, signatures and stamps."""

from __future__ import annotations

import regex
from rapidfuzz import fuzz

from pipeline.fuzzy import folded
from pipeline.noise.features import Features, Finding, Neighbours
from pipeline.noise.vocabulary import is_table, is_urgency, matches, phrase_share, stems
from pipeline.resources import language
from pipeline.resources.language import SectionName

_PERSON = regex.compile(
    r"\W*(?:\p{Lu}\.\s?){0,2}\p{Lu}[\p{L}-]{2,}(?:\s+\p{Lu}[\p{L}-]{2,}){0,2}\W*"
)
_INITIALS = regex.compile(
    r"\W*(?:\p{L}\.\s?){1,2}\p{Lu}[\p{L}-]{2,}\W*|/\W?\p{Lu}[\p{L}.-]{3,}/\W*"
)
_DATIVE = regex.compile(r"\p{Lu}\p{Ll}+(?:[ое]ву|[иы]ну|[сц]кому|[ья]ну)")
_RULED = regex.compile(r"[|№\[\]]")
_ORDER = regex.compile(r"исполнени[еяю]\s+(?:телеграф|донес|сообщ|долож|подтверд)", regex.I)
"""The last words of many a telegram: `Исполнение телеграфируйте.`"""

_WORDY = 8
"""With so many words a line tells something; a form's line only names."""

_SHORT = 60
_SCRAPS = 6
_NAMED = 80.0
"""rapidfuzz partial ratio from which a known name is seen in joined scraps."""


def letterhead_words(this: Features, _: Neighbours) -> Finding:
    """Phrases of a printed letterhead, legible or nearly."""
    return _phrases(this, "letterhead", "of the printed letterhead")


def head_line(this: Features, _: Neighbours) -> Finding:
    """Where a telegram comes from, its number, its hour."""
    return _says(this, "head", "the head line of a telegram")


def table_marks(this: Features, _: Neighbours) -> Finding:
    """Marks of the copy list."""
    return (1.0, "marks of the copy list") if is_table(this.text) else None


def split_names(this: Features, _: Neighbours) -> Finding:
    """A name of the copy list, once scraps of letters are joined."""
    if len(this.tokens) < _SCRAPS or this.visible > 3 * len(this.tokens) or this.russian_words > 1:
        return None
    joined = folded(this.text)
    for person in language.names().receivers:
        if fuzz.partial_ratio(folded(person.dative), joined, score_cutoff=_NAMED):
            return 1.0, f"its scraps joined hold something like {person.dative}"
    return None


def dative_name(this: Features, _: Neighbours) -> Finding:
    """A surname in the dative, alone, as copy lists have it."""
    if len(this.words) != 1 or not _DATIVE.fullmatch(this.words[0]) or len(this.tokens) > 4:
        return None
    return 1.0, "a surname in the dative, alone"


def ruled_signs(this: Features, _: Neighbours) -> Finding:
    """Bars and number signs between few words: rules and cells of a form."""
    if this.russian_words > 3 or not _RULED.search(this.text):
        return None
    return 1.0, "bars or number signs, hardly a word"


def special_numbers(this: Features, _: Neighbours) -> Finding:
    """Special numbers of a telegram."""
    return _says(this, "special", "special numbers of a telegram")


def urgency_word(this: Features, _: Neighbours) -> Finding:
    """An urgency, alone on its line."""
    return (1.0, "an urgency, alone on its line") if is_urgency(this.text) else None


def addressee_words(this: Features, _: Neighbours) -> Finding:
    """The words an addressee is named with."""
    if len(this.text) > 90:
        return None
    return _says(this, "addressee", "names an addressee")


def salutation_words(this: Features, _: Neighbours) -> Finding:
    """A salutation of a letter."""
    return _says(this, "salutation", "a salutation")


def foot_words(this: Features, _: Neighbours) -> Finding:
    """What the foot of a form says: copies, typed, sent, released."""
    found = _says(this, "foot", "the foot of a form") or _phrases(this, "foot", "of a form's foot")
    if found is None:
        return None
    parts = stems(this.text, "foot")
    if _ORDER.search(this.text):
        return None
    if this.russian_words > 2 and not any(c.isdecimal() for c in this.text):
        return None  # "Разослано всем портам." tells something; a foot gives hours and names
    return (0.6, found[1]) if parts < 2 else (1.0, f"{parts} parts of a form's foot")


def closing_words(this: Features, _: Neighbours) -> Finding:
    """What stands above a signature: greetings and posts."""
    if len(this.text) > _SHORT or this.russian_words > 5:
        return None
    return _phrases(this, "closing", "of the end of a letter")


def person_alone(this: Features, _: Neighbours) -> Finding:
    """A surname alone, in capitals or with initials."""
    if len(this.text) > 40 or this.text.rstrip()[-1:] in ",:;":
        return None
    if _INITIALS.fullmatch(this.text):
        return 1.0, "a surname with initials, alone"
    return (
        (1.0, "a surname in capitals, alone")
        if this.upper and _PERSON.fullmatch(this.text)
        else None
    )


def date_alone(this: Features, _: Neighbours) -> Finding:
    """A date, perhaps with a place, and nothing else."""
    return _says(this, "date", "a date alone")


def page_number(this: Features, _: Neighbours) -> Finding:
    """A page number as it is typed."""
    return (1.0, "a page number") if matches(this.text, "page_number") else None


def stamp_words(this: Features, _: Neighbours) -> Finding:
    """What stamps of archives and offices say, and nothing else."""
    if this.russian_words > 4:
        return None
    return _phrases(this, "stamp", "of stamps")


def note_words(this: Features, _: Neighbours) -> Finding:
    """What is noted on documents by hand: resolutions, and nothing else."""
    if len(this.words) > 4 or this.text.rstrip().endswith("."):
        return None
    return _phrases(this, "note", "of resolutions noted by hand")


def _says(this: Features, section: SectionName, what: str) -> Finding:
    if this.russian_words >= _WORDY or not matches(this.text, section):
        return None
    return 1.0, what


def _phrases(this: Features, section: SectionName, what: str) -> Finding:
    if len(this.text) > 2 * _SHORT:
        return None
    share = phrase_share(this.text, section)
    return (share, f"{share:.0%} of it are phrases {what}") if share > 0.3 else None
