"""The rules: one small function for each piece of evidence.

A rule takes the line's :class:`~pipeline.noise.features.Features` and its
:class:`Neighbours` and returns ``(strength 0..1, evidence in plain words)``, or ``None``
where it has nothing to say. Its weight stands under its name in ``config/noise.toml``.
To add a rule: write the function, list it in ``RULES``, give it a weight, add a case
under ``tests/cases/noise/``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import regex

from pipeline.lexicon import knows
from pipeline.noise.features import Features
from pipeline.noise.vocabulary import form_phrase_share, is_table

Finding = tuple[float, str] | None

_LATIN_WORD = regex.compile(
    r"(?<!\S)[\"«(]?[A-Z]?[a-zà-ÿ]*[aeiouyAEIOUY][a-zà-ÿ]*[\"».,;:)!?]*(?!\S)"
)
_FIGURE = regex.compile(r"\d+(?:[.,:/\-–—](?:\d+|[IVXІУХПШ]{1,4}))*[.,;:%)]*")
_UNIT = regex.compile(r"(?:гг?|%|№|п|ст|руб|тыс|млн|кг|тн?|чел)\.?,?")
_ABBREVIATION = regex.compile(r"[А-ЯЁа-яё]{1,2}\.,?")
_LEADER = regex.compile(r"(?:[.,·•'_…\-]\s*){5,}")
_MEANINGLESS = regex.compile(r"[^\p{L}\p{N}\s]")
_TYPED_DIACRITICS = frozenset("ёйЁЙ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The lines beside a line on its page: ``None`` at the page's ends.

    ``in_form_head``: the line stands above the addressee and the running text of a form.
    ``inside_text``: it stands between the first and the last line of running text, or next
    to them.
    """

    above: Features | None
    below: Features | None
    in_form_head: bool = False
    inside_text: bool = False


def russian_words(this: Features, near: Neighbours) -> Finding:
    """Share of its letters in words that the lexicon knows."""
    del near
    if not this.letters or not this.known_letters:
        return None
    share = this.known_letters / this.letters
    certain = min(1.0, this.known_letters / 6)
    return share * certain, f"{share:.0%} of its letters are in Russian words"


def likely_letters(this: Features, near: Neighbours) -> Finding:
    """Share of its letters in words that look Russian, known or not."""
    del near
    if not this.letters or this.likely_letters < 4:
        return None
    share = this.likely_letters / this.letters
    return share, f"{share:.0%} of its letters follow each other as in Russian"


def several_words(this: Features, near: Neighbours) -> Finding:
    """Three or more known words of three letters or more."""
    del near
    if this.russian_words < 3:
        return None
    return 1.0, f"{this.russian_words} Russian words of three letters or more"


def figures(this: Features, near: Neighbours) -> Finding:
    """A line of figures and dates, as a table inside the body has."""
    del near
    tokens = this.tokens
    good = [t for t in tokens if _FIGURE.fullmatch(t)]
    if len(good) < 2 or "\t" in this.line.raw:
        return None
    units = sum(1 for t in tokens if _UNIT.fullmatch(t))
    share = (len(good) + units) / len(tokens)
    long = sum(1 for t in good if sum(c.isdigit() for c in t) > 1) / len(good)
    return (share * long, "figures, evenly grouped") if share * long > 0.4 else None


def hyphen_part(this: Features, near: Neighbours) -> Finding:
    """The other half of a word hyphenated on the line above."""
    above = near.above
    if above is None or not above.text.endswith("-") or above.known_letters < 8:
        return None
    if not this.text[:1].islower():
        return None
    return 1.0, "goes on with the word hyphenated on the line above"


def between_text(this: Features, near: Neighbours) -> Finding:
    """Typed text above and below it."""
    del this
    if not (_typed(near.above) and _typed(near.below)):
        return None
    return 1.0, "stands between two lines of Russian text"


def inside_text(this: Features, near: Neighbours) -> Finding:
    """A line of Cyrillic letters inside the running text, however badly it was read."""
    if not near.inside_text or this.cyrillic < 4 or "\t" in this.line.raw:
        return None
    share = this.cyrillic / max(1, this.visible)
    return (share, "a line of Russian letters inside the text") if share > 0.4 else None


def latin_text(this: Features, near: Neighbours) -> Finding:
    """Foreign words that look like words: three letters or more, with a vowel."""
    del near
    found = [w for w in _LATIN_WORD.findall(this.text) if sum(c.isalpha() for c in w) > 2]
    letters = sum(sum(c.isalpha() for c in w) for w in found)
    if not this.latin or letters < 5:
        return None
    share = letters / max(1, this.letters)
    return (share, "foreign words, whole and well formed") if share > 0.3 else None


def form_phrase(this: Features, near: Neighbours) -> Finding:
    """Phrases of the telegram form, still legible."""
    del near
    share = form_phrase_share(this.text)
    return (share, "a phrase of the telegram form") if share > 0.5 else None


def foreign_letters(this: Features, near: Neighbours) -> Finding:
    """Share of Latin letters, in a line that is not foreign words."""
    if not this.latin or latin_text(this, near):
        return None
    share = this.latin / this.letters
    return share, f"{share:.0%} of its letters are Latin"


def odd_scripts(this: Features, near: Neighbours) -> Finding:
    """Letters of other scripts, and diacritics that no Russian typewriter has."""
    del near
    odd = sum(1 for c in this.text if _is_odd(c))
    if not odd:
        return None
    return min(1.0, odd / max(1, this.letters) * 3), f"{odd} letters of other scripts or accented"


def fragments(this: Features, near: Neighbours) -> Finding:
    """Share of tokens of one or two characters that are no words and no figures."""
    del near
    if len(this.tokens) < 3:
        return None
    small = [t for t in this.tokens if len(t) < 3 and not _meaningful(t)]
    share = len(small) / len(this.tokens)
    if share < 0.3:
        return None
    return share, f"{len(small)} of {len(this.tokens)} pieces are scraps of one or two characters"


def columns(this: Features, near: Neighbours) -> Finding:
    """Many tabs: a table read across."""
    del near
    tabs = this.line.raw.count("\t")
    if tabs < 3:
        return None
    return min(1.0, tabs / 8), f"{tabs} tabs: a table read across"


def leaders(this: Features, near: Neighbours) -> Finding:
    """Rows of dots, commas or dashes."""
    del near
    found = sum(len(m) for m in _LEADER.findall(this.text))
    if not found:
        return None
    return min(1.0, 2 * found / max(1, len(this.text))), "rows of dots or commas"


def no_letters(this: Features, near: Neighbours) -> Finding:
    """Neither letters nor figures to speak of."""
    del near
    signs = len(_MEANINGLESS.findall(this.text))
    if this.visible == 0 or signs / this.visible < 0.5:
        return None
    return signs / this.visible, "hardly a letter or figure in it"


def broken_letters(this: Features, near: Neighbours) -> Finding:
    """Letters in an order that Russian does not have."""
    good = max(this.known_letters, this.likely_letters)
    bad = this.letters - good
    if this.letters < 4 or this.upper or bad / this.letters < 0.5 or figures(this, near):
        return None
    return bad / this.letters, f"{bad} of {this.letters} letters make no Russian word"


def table_words(this: Features, near: Neighbours) -> Finding:
    """Marks of the copy list."""
    del near
    return (1.0, "marks of the copy list") if is_table(this.text) else None


def head_scrap(this: Features, near: Neighbours) -> Finding:
    """A scrap above the text of a form: no word worth the name, and no sentence."""
    sentence = this.text.endswith((".", "!", "?")) and this.russian_words
    if not near.in_form_head or sentence:
        return None
    if this.letters > 4 and this.russian_words:
        return None
    if not this.letters or form_phrase(this, near):
        return None
    return 1.0, "a scrap above the text of a form"


def low_confidence(this: Features, near: Neighbours) -> Finding:
    """The engine itself was not sure; weak evidence, true lines score low too."""
    del near
    known = [r.confidence for r in this.line.readings if r.confidence is not None]
    if not known or min(known) > 0.5:
        return None
    return 1.0 - min(known), f"the engine gives it {min(known):.0%}"


RULES: tuple[Callable[[Features, Neighbours], Finding], ...] = (
    russian_words,
    likely_letters,
    several_words,
    figures,
    hyphen_part,
    between_text,
    inside_text,
    latin_text,
    form_phrase,
    foreign_letters,
    odd_scripts,
    fragments,
    columns,
    leaders,
    no_letters,
    broken_letters,
    table_words,
    head_scrap,
    low_confidence,
)


def _typed(line: Features | None) -> bool:
    return line is not None and line.russian_words >= 3 and line.known_letters >= 15


def _meaningful(token: str) -> bool:
    core = token.strip('.,;:!?()"«»')
    if core in "-–—" or (core.isascii() and core.isdigit() and len(token) > 1):
        return True
    return _ABBREVIATION.fullmatch(token) is not None or (bool(core) and knows(core))


def _is_odd(char: str) -> bool:
    if not char.isalpha() or char in _TYPED_DIACRITICS:
        return False
    name = unicodedata.name(char, "")
    if name.startswith("LATIN") and char.isascii():
        return False
    return not name.startswith("CYRILLIC") or char in "ҐґЎўЋћЂђ"
