"""Whether a line of another engine's text is Russian at all, however badly read.

Engines that are set to Russian read any type as Cyrillic letters: English letterheads, stamps,
pictures. What comes out has words' shape and no sense. Here a line's letters and words are
weighed, and those of the lines around it, by a logistic regression (``raw_text.toml``; how it is
fitted stands in ``pipeline/training/fit_raw_text.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import regex

from pipeline.character_lm import CharacterLM
from pipeline.languages import Language, language_of
from pipeline.lexicon import folded, knows
from pipeline.logit import logit, sigmoid
from pipeline.model import FILE, Line, LineKind, Reason, Verdict
from pipeline.resources import fitted
from pipeline.stray_marks import is_marks
from pipeline.text import LATIN_TO_CYRILLIC
from pipeline.word_trie import WordTrie

_WORD = regex.compile(r"\p{L}+")
_FOREIGN = frozenset("іїєґўљњћђјѕІЇЄҐЎЉЊЋЂЈЅ")
_COMMON = -12.5
_LONGEST = 400
_LEAST = 10.0
_NEAR = 4
"""Lines on each side that count as around."""

NO_RUSSIAN, RUSSIAN = 0.05, 0.2
"""Probability of being Russian below which a line is noise, and from which it is no noise."""

MARKS = "stray-marks"
"""Rule name of the reason why a line of signs that nobody types is noise."""

_LEAST_LETTERS, _LEAST_TO_DROP, _LEAST_ON_PAGE = 6, 3, 100
"""Letters of a line that may be kept for them, or dropped, and of a page that tells anything."""

_LONG_WORDS, _LEAST_KNOWN, _MOSTLY, _FIGURES = 4, 3, 0.75, 3
"""Letters of a Russian word, how many such words with which share of the letters show that a line
is Russian; and how many figures to a letter that it is figures."""

_LONG_WORD = regex.compile(r"[А-Яа-яё]{4}")
_NAME = regex.compile(r"\W*[А-ЯЁ]\W?[а-яё]+")
_FOREIGN_TEXT = frozenset(("latin-text",))
"""What makes a line text of a page that is in Latin letters as a whole."""

_FORM_MARKS = frozenset(("letterhead-words", "table-marks", "special-numbers", "urgency-word"))
_FORM_RULES = frozenset(
    (*_FORM_MARKS, "head-line", "split-names", "foot-words", "stamp-words", "note-words")
)


def judged_by_legibility(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of other engines' text, judged: what is no Russian goes, what is only misread stays.

    Pages in another language or orthography are left as they were judged.
    """
    if not all(line.reading.reader == FILE for line in lines):
        return tuple(lines)
    language = language_of("\n".join(line.raw for line in lines))
    if language not in (Language.RUSSIAN, Language.LATIN):
        return tuple(lines)
    if sum(c.isalpha() for line in lines for c in line.raw) < _LEAST_ON_PAGE:
        return tuple(lines)
    shares = legible([line.raw for line in lines])
    form = any(reason.rule in _FORM_MARKS for line in lines for reason in line.reasons)
    foreign = _FOREIGN_TEXT if language is Language.LATIN else frozenset()
    pairs = zip(lines, shares, strict=True)
    return tuple(
        line
        if any(reason.rule in foreign for reason in line.reasons)
        else _judged(line, share, form=form)
        for line, share in pairs
    )


def _judged(line: Line, share: float, *, form: bool) -> Line:
    if any(reason.rule.startswith("force-") for reason in line.reasons):
        return line
    if is_marks(line.raw):
        return _dropped(line, Reason(rule=MARKS, evidence="marks between the lines", weight=-5.0))
    filed = line.verdict is Verdict.DROP or line.kind in (LineKind.FORM, LineKind.TABLE)
    reason = Reason(
        rule="legibility",
        evidence=f"Russian, however badly read, with a probability of {share:.2f}",
        weight=round(logit(share), 3),
    )
    if share < NO_RUSSIAN:
        program = any(found.rule == "program-text" for found in line.reasons)
        few = sum(map(str.isalpha, line.raw)) < _LEAST_TO_DROP
        if filed or program or few or _speaks_for_itself(line.raw):
            return line
        return _dropped(line, reason)
    rules = {found.rule for found in line.reasons}
    named = "dative-name" in rules and not form
    cyrillic = line.raw.translate(LATIN_TO_CYRILLIC)
    letters = sum("А" <= c <= "я" for c in cyrillic)
    if (
        not filed
        or share < RUSSIAN
        or form
        or "\t" in line.raw
        or rules & _FORM_RULES
        or letters < _LEAST_LETTERS
        or not _LONG_WORD.search(cyrillic)
    ):
        return line
    kind = LineKind.ADDRESSEE if named or _NAME.fullmatch(line.raw.strip()) else LineKind.BODY
    return replace(
        line,
        kind=kind,
        verdict=Verdict.UNSURE,
        reasons=(reason, *line.reasons),
        text_probability=round(max(0.5, line.text_probability or 0.0), 4),
    )


def _speaks_for_itself(raw: str) -> bool:
    """Whether a line is no noise, whatever stands around it: Russian words, or mostly figures."""
    letters = _WORD.findall(raw)
    known = [word for word in letters if len(word) >= _LONG_WORDS and knows(folded(word))]
    whole = sum(map(len, letters))
    if len(known) >= _LEAST_KNOWN and sum(map(len, known)) >= _MOSTLY * whole:
        return True
    return sum(map(str.isdecimal, raw)) > _FIGURES * whole


def _dropped(line: Line, reason: Reason) -> Line:
    share = min(sigmoid(reason.weight), line.text_probability or 1.0)
    return replace(
        line,
        kind=LineKind.NOISE,
        verdict=Verdict.DROP,
        reasons=(reason, *line.reasons),
        text_probability=round(share, 4),
    )


def legible(raws: Sequence[str]) -> list[float]:
    """For each line of a page the probability (0.0-1.0) that it is Russian, however badly read."""
    own = evidence(raws)
    weights = fitted.raw_text().weights
    page = page_share(own)
    return [
        sigmoid(sum(weights[name] * value for name, value in around(own, place, page).items()))
        for place in range(len(own))
    ]


def page_share(own: Sequence[dict[str, float]]) -> tuple[float, float]:
    """Sums over a page's lines: letters in common words, and all, by the lines' weights."""
    return sum(x["words"] * x["length"] for x in own), sum(x["length"] for x in own)


def around(
    own: Sequence[dict[str, float]], place: int, page: tuple[float, float]
) -> dict[str, float]:
    """The evidence of a line with that of the lines around it, and of its page."""
    here = own[place]
    rest = page[1] - here["length"]
    near = [
        x
        for x in (*own[max(0, place - _NEAR) : place], *own[place + 1 : place + 1 + _NEAR])
        if x["length"] > 0
    ]
    size = sum(x["length"] for x in near)
    share = sum(x["words"] * x["length"] for x in near) / size if size else here["words"]
    letters = sum(x["letters"] * x["length"] for x in near) / size if size else here["letters"]
    short = 1.0 / (1.0 + here["length"])
    return {
        "bias": 1.0,
        **here,
        "words_around": share,
        "letters_around": letters,
        "short_around": short * share,
        "page": (page[0] - here["words"] * here["length"]) / rest if rest > _LEAST else share,
    }


def evidence(raws: Sequence[str]) -> list[dict[str, float]]:
    """What each line says by itself.

    ``words``: share of its letters in common words; ``known``: in words at all; ``letters``:
    mean log-probability of a letter after others; ``foreign``: share of letters of other
    alphabets; ``length``: logarithm of its letters.
    """
    parted = [_WORD.findall(raw[:_LONGEST]) for raw in raws]
    lows = [[folded(word.translate(LATIN_TO_CYRILLIC)) for word in words] for words in parted]
    texts = [" ".join(low) for low in lows]
    spelled = CharacterLM.load().continued_each([(" ", text) for text in texts])
    rows = zip(parted, lows, texts, spelled, strict=True)
    return [_evidence(words, low, float(log) / max(1, len(text))) for words, low, text, log in rows]


def _evidence(words: Sequence[str], lows: Sequence[str], letters: float) -> dict[str, float]:
    size = sum(map(len, words))
    if not size:
        return dict.fromkeys(("words", "known", "letters", "foreign", "latin", "length"), 0.0)
    return {
        "words": sum(len(low) for low in lows if _is_common(low)) / size,
        "known": sum(len(low) for low in lows if len(low) > 2 and knows(low)) / size,
        "letters": letters,
        "foreign": sum(c in _FOREIGN for word in words for c in word) / size,
        "latin": sum(c.isascii() for word in words for c in word) / size,
        "length": math.log(1 + size),
    }


@lru_cache(maxsize=1 << 15)
def _is_common(word: str) -> bool:
    return len(word) > 2 and WordTrie.load().log_prob(word) > _COMMON
