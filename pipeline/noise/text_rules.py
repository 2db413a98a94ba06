"""Rules on the text of a line itself: is it Russian, is it figures, is it scraps."""

from __future__ import annotations

import unicodedata

import regex

from pipeline.lexicon import knows
from pipeline.noise.features import Features, Finding, Neighbours
from pipeline.noise.reader_rules import is_typed_latin

_LATIN_WORD = regex.compile(
    r"(?<!\S)[\"«(]?[A-ZÀ-Þ]?[a-zß-ÿ]*[aeiouyAEIOUYÀ-ÅÈ-ÏÒ-ÖÙ-Üà-åè-ïò-öù-ü][a-zß-ÿ]*[\"».,;:)!?]*(?!\S)"
)
_FIGURE = regex.compile(r"\d+(?:[.,:/\-–—](?:\d+|[IVXІУХПШ]{1,4}))*[.,;:%)]*")
_UNIT = regex.compile(r"(?:гг?|%|№|п|ст|руб|тыс|млн|кг|тн?|чел)\.?,?")
_ABBREVIATION = regex.compile(r"[А-ЯЁа-яё]{1,2}\.,?")
_LEADER = regex.compile(r"(?:[.,·•'_…\-]\s*){5,}")
_MEANINGLESS = regex.compile(r"[^\p{L}\p{N}\s]")
_TYPED_DIACRITICS = frozenset("ёйЁЙ")
_SENTENCE_END = regex.compile(r"[\p{Ll}\d)\"][.!?:;,]\W*$")
_IDENTIFIER = regex.compile(r"(?<![\p{L}\d])(?:[A-Z][A-Z0-9]*|\d+)(?![\p{L}\d])")
_OPERATOR = regex.compile(r"(?<=[\w)\]] ?)[-+*/=:,()\[\].]")
_FULL_LINE = 50
"""Characters, spaces not counted, of a typed line."""


def russian_words(this: Features, _: Neighbours) -> Finding:
    """Share of its letters in words that the lexicon knows."""
    if not this.letters or not this.known_letters:
        return None
    # A hyphen inside a known word counts with it, and is no letter.
    share = min(1.0, this.known_letters / this.letters)
    certain = min(1.0, this.known_letters / 6)
    return share * certain, f"{share:.0%} of its letters are in Russian words"


def likely_letters(this: Features, _: Neighbours) -> Finding:
    """Share of its letters in words that look Russian, known or not."""
    if not this.letters or this.likely_letters < 4:
        return None
    share = this.likely_letters / this.letters
    return share, f"{share:.0%} of its letters follow each other as in Russian"


def several_words(this: Features, _: Neighbours) -> Finding:
    """Three or more known words of three letters or more."""
    if this.russian_words < 3:
        return None
    return 1.0, f"{this.russian_words} Russian words of three letters or more"


def broken_letters(this: Features, near: Neighbours) -> Finding:
    """Letters in an order that Russian does not have."""
    bad = this.bad_letters
    if this.letters < 4 or this.upper or bad / this.letters < 0.5 or figures(this, near):
        return None
    return bad / this.letters, f"{bad} of {this.letters} letters make no Russian word"


def figures(this: Features, _: Neighbours) -> Finding:
    """A line of figures and dates, as a table inside the body has."""
    tokens = this.tokens
    good = [t for t in tokens if _FIGURE.fullmatch(t)]
    if len(good) < 2 or "\t" in this.line.raw:
        return None
    units = sum(1 for t in tokens if _UNIT.fullmatch(t))
    share = (len(good) + units) / len(tokens)
    long = sum(1 for t in good if sum(c.isdigit() for c in t) > 1) / len(good)
    return (share * long, "figures, evenly grouped") if share * long > 0.4 else None


def latin_text(this: Features, _: Neighbours) -> Finding:
    """Foreign words that look like words: three letters or more, with a vowel."""
    found = [w for w in _LATIN_WORD.findall(this.text) if sum(c.isalpha() for c in w) > 2]
    letters = sum(sum(c.isalpha() for c in w) for w in found)
    if not this.latin or letters < 5:
        return None
    share = letters / max(1, this.letters)
    return (share, "foreign words, whole and well formed") if share > 0.3 else None


def foreign_letters(this: Features, near: Neighbours) -> Finding:
    """Share of Latin letters, but in foreign words, programs, and what was surely typed so."""
    if not this.latin or is_typed_latin(this):
        return None
    if latin_text(this, near) or program_text(this, near):
        return None
    share = this.latin / this.letters
    return share, f"{share:.0%} of its letters are Latin"


def odd_scripts(this: Features, _: Neighbours) -> Finding:
    """Letters of other scripts, and diacritics that no Russian typewriter has."""
    odd = sum(1 for c in this.text if _is_odd(c))
    if not odd:
        return None
    return min(1.0, odd / max(1, this.letters) * 3), f"{odd} letters of other scripts or accented"


def fragments(this: Features, _: Neighbours) -> Finding:
    """Share of tokens of one or two characters that are no words and no figures."""
    if len(this.tokens) < 3:
        return None
    small = [t for t in this.tokens if len(t) < 3 and not _meaningful(t)]
    share = len(small) / len(this.tokens)
    if share < 0.3:
        return None
    return share, f"{len(small)} of {len(this.tokens)} pieces are scraps of one or two characters"


def columns(this: Features, _: Neighbours) -> Finding:
    """Many tabs: a table read across."""
    tabs = this.line.raw.count("\t")
    if tabs < 3:
        return None
    return min(1.0, tabs / 8), f"{tabs} tabs: a table read across"


def leaders(this: Features, _: Neighbours) -> Finding:
    """Rows of dots, commas or dashes."""
    found = sum(len(m) for m in _LEADER.findall(this.text))
    if not found:
        return None
    return min(1.0, 2 * found / max(1, len(this.text))), "rows of dots or commas"


def no_letters(this: Features, _: Neighbours) -> Finding:
    """Neither letters nor figures to speak of."""
    marks = len(_MEANINGLESS.findall(this.text))
    if this.visible == 0 or marks / this.visible < 0.5:
        return None
    return marks / this.visible, "hardly a letter or figure in it"


def few_letters(this: Features, _: Neighbours) -> Finding:
    """Fewer than six letters, none of them a word of three."""
    # Punctuation alone is what `no_letters` speaks of.
    if this.letters >= 6 or this.russian_words or not any(c.isalnum() for c in this.text):
        return None
    return 1.0 - this.letters / 6, f"only {this.letters} letters"


def full_line(this: Features, _: Neighbours) -> Finding:
    """As many characters as a typed line holds, or near it."""
    if this.visible < _FULL_LINE // 2:
        return None
    return min(1.0, this.visible / _FULL_LINE), f"{this.visible} characters"


def capitals(this: Features, _: Neighbours) -> Finding:
    """Nothing but capitals, six or more."""
    return (1.0, "all in capitals") if this.upper and this.cyrillic > 5 else None


def sentence_end(this: Features, _: Neighbours) -> Finding:
    """A Russian word and, at the line's end, a mark that ends a sentence or a clause."""
    if not this.russian_words or not _SENTENCE_END.search(this.text[-40:]):
        return None
    return 1.0, "ends like a sentence or a clause"


def small_start(this: Features, _: Neighbours) -> Finding:
    """Begins in the middle of a sentence: with a small letter, as running text does."""
    if not this.text[:1].islower() or not this.russian_words:
        return None
    return 1.0, "begins in the middle of a sentence"


def number_alone(this: Features, _: Neighbours) -> Finding:
    """One number and nothing else."""
    if len(this.tokens) != 1 or not this.text.strip(".,-–—№ ").isdecimal():
        return None
    return 1.0, "a number alone"


def program_text(this: Features, _: Neighbours) -> Finding:
    """Names in Latin capitals with figures, joined by signs: a program's lines, formulas."""
    names = _IDENTIFIER.findall(this.text)
    signs = len(_OPERATOR.findall(this.text))
    words = sum(len(name) > 2 and name[0].isalpha() for name in names)
    # One long name with a sign or a second one may be a command; scraps are shorter.
    joined = 2 * signs >= len(names) or (words and words + signs > 1)
    if not names or not joined or this.latin < 3:
        return None
    share = (sum(map(len, names)) + signs) / this.visible
    return (share, "names in Latin capitals, joined by signs") if share > 0.5 else None


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
