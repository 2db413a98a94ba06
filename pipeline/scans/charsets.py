"""Which character set a raw text is in, and text that was saved in the wrong one.

A byte order mark settles it, then valid UTF-8, then the tell-tale zero bytes of UTF-16. Among the
one-byte sets the text is read in each and the one in which it looks most like Russian is taken;
where it looks like Russian in none, that is the answer. General detectors were tried and are not
used here: on text wholly in capitals, as telegrams are, or of a few words they choose wrongly (the
figures are in ``docs/dependencies.md``), while between these sets letter frequencies decide.
"""

from __future__ import annotations

import codecs
import html
import math
from collections.abc import Iterable
from itertools import product

import regex

from pipeline.languages import OF_OTHERS
from pipeline.lexicon import plausibility

ONE_BYTE = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
"""The one-byte sets told apart, as Python names them; of equals the first is taken."""

# How often a letter stands in 10,000 letters of Russian prose; counted over 14 MB of
# official prose and letters of 1901-1946, ё apart (in print it is mostly е).
_PER_10000 = {
    "а": 753, "б": 168, "в": 472, "г": 151, "д": 269, "е": 824, "ж": 80, "з": 171,
    "и": 830, "й": 127, "к": 317, "л": 378, "м": 299, "н": 646, "о": 1126, "п": 275,
    "р": 511, "с": 559, "т": 705, "у": 224, "ф": 20, "х": 104, "ц": 75, "ч": 139,
    "ш": 66, "щ": 39, "ъ": 6, "ы": 179, "ь": 171, "э": 40, "ю": 75, "я": 200, "ё": 5,
}  # fmt: skip
_WEIGHT = {letter: math.log(count / 10_000) for letter, count in _PER_10000.items()}
_AT_HOME = frozenset("№«»„“”‘’…–—°§\u00a0іІїЇєЄґҐ")
_AT_HOME_WEIGHT = -6.0  # rare in Russian, but at home in it
_STRANGER_WEIGHT = -12.0  # box drawing, control characters, letters of other Cyrillic scripts
_NEVER_FIRST, _NEVER_FIRST_WEIGHT = frozenset("ьъыЬЪЫ"), -6.0
_SELDOM = {"iso8859-5": -3.0, "mac-cyrillic": -3.0}  # log-odds of the sets that are hardly met
_CASE_JUMP = -5.0  # a capital after a small letter inside a word: пРИВЕТ is the wrong set
_SAMPLE = 100_000
"""Bytes, and characters, by which a long text is judged."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# High bytes of the code units of Russian text: Latin and punctuation, Cyrillic, dashes, №.
_UTF16_PAGES = frozenset({0x00, 0x04, 0x20, 0x21})
_UTF16_SHARE = 0.9

# A text is taken for damaged UTF-8 where it has this many whole characters to each bad byte.
_WHOLE_PER_BAD = 10

_RUN = regex.compile(r"\p{L}{2,}")
_SENSE, _NONSENSE = 1.0, 0.6
"""Mean log10 frequency of letter triples from which letters may be Russian (badly read text of real
pages has 1.7 and more, other Slavic languages 1.5, the wrong set at most 0.5), below which not."""

_FEWEST, _KINDS = 20, 8
"""Letters from which such a mean tells anything, and different signs of text in a wrong set."""

_SAVED_AS = ("cp1251", "cp1252", "latin-1", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
"""Sets as which a text may have been read by mistake before it was saved again."""

_MOST_LOST = 0.02
"""Share of characters that may be lost on the way back."""

_LACKED = {"cp1251": b"\x98"}
"""The one byte that a set lacks: what cannot be encoded was that."""

_RUSSIAN_SHARE = 0.6
"""Of the signs of a line that are no ASCII; with fewer Russian letters it may be in a wrong set."""

_REFERENCE = regex.compile(r"&#(?:1\d{3}|x4[0-9A-Fa-f]{2});")
"""A Cyrillic letter by its number."""

_LINES = 200
"""Lines by which the mistake is found."""


def detect(data: bytes) -> str | None:
    """The Python name of the character set of ``data``; ``None`` where none of ours fits.

    ``utf-8`` stands for pure ASCII too; ``utf-8-sig`` and ``utf-16`` have a byte order
    mark, ``utf-16-le`` and ``utf-16-be`` have none. Damaged UTF-8 (few bad bytes among
    many whole characters, or lines of another set between its own) is ``utf-8``: decoding it
    then says where it is damaged.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if utf16 := _utf16_without_mark(data):
        return utf16
    if _is_utf8(data):
        return "utf-8"
    return one_byte_set(data)


def one_byte_set(data: bytes) -> str | None:
    """The one-byte set in which ``data`` looks most like Russian; ``None`` where in none."""
    scores = {name: score for name in ONE_BYTE if (score := _score(data, name)) is not None}
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    text = data[:_SAMPLE].decode(best, "ignore")
    mean, letters = sense(text)
    if letters >= _FEWEST and mean < _SENSE:
        return None
    alone = sum(character > "\x7f" and character.isalpha() for character in text) - letters
    # Foreign words with a letter here and there that is no ASCII: déjà, über.
    if letters >= _FEWEST / 4 or alone < _FEWEST / 4:
        return best
    return None


def sense(text: str) -> tuple[float, int]:
    """How Russian the words of ``text`` are that are not ASCII, and of how many letters they are.

    The mean log10 frequency per million of letter triples, about 2.5 to 3 for Russian.
    """
    runs = [run for run in _RUN.findall(text[:_SAMPLE]) if not run.isascii()]
    letters = sum(map(len, runs))
    return sum(plausibility(run) * len(run) for run in runs) / max(1, letters), letters


def undone(text: str) -> tuple[str, str]:
    """``text`` with its lines put right that were saved in the wrong character set.

    And what the mistake was (``UTF-8 read as cp1251``); empty where there was none. What cannot be
    brought back is U+FFFD. A line stays where it makes no better sense. Letters that a page of HTML
    has as numbers (``&#1055;``) are letters again.
    """
    references = _REFERENCE.findall(text[:_SAMPLE])
    if 2 * sum(map(len, references)) > len(text[:_SAMPLE]):
        return html.unescape(text), "letters kept as numbers of HTML"
    rows = text.split("\n")
    bad = [place for place, row in enumerate(rows) if _is_nonsense(row)]
    sample = "\n".join(rows[place] for place in bad[:_LINES])
    odd = [c for c in sample if not (c.isascii() or c.isspace())]
    if len(odd) < _FEWEST or len(set(odd)) < _KINDS:
        return text, ""
    found = max(_ways_back(sample), default=None)
    if found is None:
        return text, ""
    _, true, read, times = found
    for place in bad:
        after = _brought_back(rows[place], true, read)
        if after is not None and times > 1:
            after = _brought_back(after, true, read)
        if after is not None and _sense_made(after) is not None:
            rows[place] = after
    name = "UTF-8" if true == "utf-8" else true
    return "\n".join(rows), f"{name} read as {read}{', twice' if times > 1 else ''}"


def _is_nonsense(row: str) -> bool:
    if row.isascii() or not OF_OTHERS.isdisjoint(row):
        return False
    odd = [character for character in row if not character.isascii()]
    if all("\u2500" <= x <= "\u259f" for x in odd):
        return False  # the frame of a table
    if sum("А" <= x <= "я" or x in "Ёё" for x in odd) < _RUSSIAN_SHARE * len(odd):
        return True
    mean, letters = sense(row)
    return letters > 0 and mean < _NONSENSE


def _ways_back(sample: str) -> Iterable[tuple[float, str, str, int]]:
    """What each way to undo a mistake, made once or twice, gives, by how much sense it makes."""
    for true, read in product(("utf-8", *ONE_BYTE), _SAVED_AS):
        if true != read:
            after = _brought_back(sample, true, read)
            for times in (1, 2) if true == "utf-8" else (1,):
                mean = _sense_made(after) if after is not None else None
                if mean is not None:
                    yield mean, true, read, times
                    break
                after = _brought_back(after, true, read) if after is not None else None


def _sense_made(text: str) -> float | None:
    """How Russian ``text`` is, if most of it that is no ASCII are letters of likely words."""
    mean, letters = sense(text)
    odd = sum(not (character.isascii() or character.isspace()) for character in text)
    return mean if mean >= _SENSE and 2 * letters >= odd else None


def _brought_back(text: str, true: str, read: str) -> str | None:
    """``text``, of the set ``true``, which was read as ``read``; ``None`` where it was not."""
    data = b"".join(_byte(character, read) for character in text)
    after = data.decode(true, "replace")
    lost = after.count("\ufffd") - text.count("\ufffd")
    return after if lost <= _MOST_LOST * len(after) else None


def _byte(character: str, name: str) -> bytes:
    try:
        return character.encode(name)
    except UnicodeEncodeError:
        # Bytes that a set lacks go through as control characters, or became U+FFFD.
        return bytes([ord(character)]) if ord(character) < 256 else _LACKED.get(name, b"\xff")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        whole = sum(character > "\x7f" for character in data.decode("utf-8", "ignore"))
        bad = data.decode("utf-8", "replace").count("\ufffd")
        return whole > 0 and (whole >= bad * _WHOLE_PER_BAD or _is_mixed(data))
    return True


def _is_mixed(data: bytes) -> bool:
    """Whether at least half of the lines that are no ASCII are UTF-8."""
    rows = [row for row in data.split(b"\n") if not row.isascii()]
    return sum(map(_is_whole, rows)) >= len(rows) / 2


def _is_whole(row: bytes) -> bool:
    try:
        row.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by its high bytes: every second byte is one of a few, the others are not."""
    if len(data) < 4 or len(data) % 2 or not {0x00, 0x04} & set(data):
        return None
    half = len(data) // 2
    first = sum(byte in _UTF16_PAGES for byte in data[0::2]) / half
    second = sum(byte in _UTF16_PAGES for byte in data[1::2]) / half
    # Spaces (0x20) are low bytes of UTF-16 too, so the other half may reach a fifth or so.
    if second >= _UTF16_SHARE > first:
        return "utf-16-le"
    if first >= _UTF16_SHARE > second:
        return "utf-16-be"
    return None


def _score(data: bytes, encoding: str) -> float | None:
    """How Russian ``data`` reads in ``encoding``: log-likelihood of its letters.

    Only bytes from 0x80 count; the rest is ASCII in all sets. ``None`` where ``data`` cannot be
    decoded.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    score = _SELDOM.get(encoding, 0.0)
    before = " "
    for character in text[:_SAMPLE]:
        if character > "\x7f":
            stranger = _AT_HOME_WEIGHT if character in _AT_HOME else _STRANGER_WEIGHT
            score += _WEIGHT.get(character.lower(), stranger)
            if character.isupper() and before.islower():
                score += _CASE_JUMP
            if character in _NEVER_FIRST and not before.isalpha():
                score += _NEVER_FIRST_WEIGHT
        before = character
    return score
