"""Repairs of misread words: look-alike letters, set phrases of the form, misread letters.

A word that is none is replaced where it is one misread letter, or two, from a common word, by
a noisy channel (Kernighan, Church, Gale 1990): how likely a word is, times how likely it is
to be read so, against the probability that it is a true word that the lexicon lacks.
Only what is nearly certain is changed; names, figures and pieces of words never are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from pipeline.cleanup.noisy_channel import (
    IMPOSSIBLE,
    Confusions,
    context_gain,
    double_confusions,
    is_counted,
    is_rare,
    single_confusions,
    unknown_word_log_prob,
    word_log_prob,
)
from pipeline.cleanup.tokens import Token, beside, is_legible, may_be_short_for, tokens
from pipeline.lexicon import folded, knows
from pipeline.model import Edit, Layer
from pipeline.resources import language
from pipeline.text import LATIN_TO_CYRILLIC
from pipeline.word_trie import WordTrie

OVER_LEAVING, OVER_LEAVING_SHORT, OVER_SECOND = 6.0, 8.0, 2.5
"""Natural logarithms: how much likelier than an unknown word (in short words), and than the next
best, it must be. Tuned on facsimiles of the set ``dev`` and others of its typewriters."""

_SHORTEST, _SHORT = 4, 5
_RARE_FROM = 9
"""Letters of a word that nothing but the dictionary vouches for."""

_LONGEST = 40
_LN_10 = 2.302585
_LIKE_A_NAME = regex.compile(
    r"(?:(?:[ое]в|[иы]н)(?:а|у|ым|е|ой)?|[сц]к(?:ий|ого|ому|им|ом|ая|ой)|ко|ян|дзе|ли|[чщн]ук)$"
)
"""How surnames end: a word that opens a sentence may be one."""

_ANY_WORD = regex.compile(r"\p{L}++(?:[03]++(?=\p{L})\p{L}++)*+(?:-\p{L}++)*+")
_RUSSIAN = regex.compile(r"[А-Яа-яЁё-]+")
_FREQUENT = -12.0
_OLD_SPELLING = regex.compile(r"[бвгджзклмнпрстфхцчшщ]ъ$|[ая]го$")
_NOT_RARE = -12.5
"""Log-probability of a word that prose of the time is full of."""

_TWINS = frozenset("АВСЕНКМОРТХУасеорхук")
_FIGURES, _SMALL_FIGURES = str.maketrans("03", "ОЗ"), str.maketrans("03", "оз")
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
_LATIN = regex.compile(r"[A-Za-zëË]")
_MOSTLY = 0.7
"""Share of a line's letters that are Cyrillic from which the line counts as Russian."""

_FREE_WORD = regex.compile(r"(?<![\p{L}\p{N}])\p{Cyrillic}++(?![\p{L}\p{N}])")

_PHRASE_WORDS = 3
"""Words of a phrase: the others vouch for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a word was; ``gain`` is the log-likelihood over leaving it, ``lead`` over the next."""

    word: str
    gain: float
    lead: float


def misreadings(
    raw: str,
    above: str = "",
    below: str = "",
    *,
    strict: bool = False,
    allowed: Callable[[Edit], bool] = lambda _: True,
) -> tuple[Edit, ...]:
    """Replace misread words of ``raw``, which stands between two lines, by common ones.

    A corrected word is context for the words beside it. ``strict``: the text may be edited prose.
    ``allowed``: whether what the readers saw lets an edit stand.
    """
    row = [None if may_be_short_for(token, raw) else token for token in tokens(raw, above, below)]
    if not any(token and _may_be_misread(token) for token in row) or not is_legible(raw):
        return ()
    edits: dict[int, list[Edit]] = {}
    settled = False
    while not settled:
        settled = True
        for place, token in enumerate(row):
            if token is None or place in edits or not _may_be_misread(token):
                continue
            made = [x for x in _edits(token) if allowed(x) and (not strict or _is_no_rare_word(x))]
            if made:
                edits[place] = made
                _tell_neighbours(row, place, made[0].after)
                settled = False
    return tuple(edit for place in sorted(edits) for edit in edits[place])


def _edits(token: Token) -> Iterator[Edit]:
    for start, part in _parts(token):
        guess = best_guess(part)
        if guess is not None:
            yield Edit(
                rule="misread",
                start=start,
                before=part.text,
                after=guess.word,
                layer=Layer.DIPLOMATIC,
                evidence=f"no word; 10^{guess.gain / _LN_10:.0f} times likelier than one unknown",
            )


def _is_no_rare_word(edit: Edit) -> bool:
    """Whether what was read is rather misread than a rare word, a name or an old spelling."""
    if edit.before[0].isupper() and not is_counted(folded(edit.after)):
        return False
    if _OLD_SPELLING.search(edit.before):
        return False
    return WordTrie.load().log_prob(folded(edit.after)) > _NOT_RARE


def _tell_neighbours(row: list[Token | None], place: int, word: str) -> None:
    """Let the words beside the one at ``place`` know that it was ``word``."""
    low = word.lower()
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if before is not None and before.after:
        row[place - 1] = beside(before, before=before.before, after=low)
    if after is not None and after.before:
        row[place + 1] = beside(after, before=low, after=after.after)


@lru_cache(maxsize=4096)
def best_guess(token: Token) -> Guess | None:
    """The word that ``token`` was; ``None`` where it stays as it is."""
    low = folded(token.text)
    # Two misreadings are thought of only where one does not explain it.
    ranked = _ranked(token, single_confusions(low)) or _ranked(token, double_confusions(low))
    if not ranked:
        return None
    best, word = ranked[0]
    gain = best - unknown_word_log_prob(low)
    lead = best - ranked[1][0] if len(ranked) > 1 else gain
    least = OVER_LEAVING if len(low) > _SHORT else OVER_LEAVING_SHORT
    if gain < least or lead < OVER_SECOND or (is_rare(word) and len(word) < _RARE_FROM):
        return None
    if token.text[0].isupper() and not is_counted(word):  # it may still be a name
        return None
    return Guess(word=_in_case(word, token.text), gain=gain, lead=lead)


def _ranked(token: Token, confusions: Confusions) -> list[tuple[float, str]]:
    """The words among ``confusions`` with their log-probabilities, the likeliest first."""
    log_probs: dict[str, float] = {}
    for word, misread in confusions:
        own = word_log_prob(word)
        if own > IMPOSSIBLE:
            score = own + misread + context_gain(token.before, word, token.after)
            log_probs[word] = max(score, log_probs.get(word, IMPOSSIBLE))
    return sorted(((score, word) for word, score in log_probs.items()), reverse=True)


def _may_be_misread(token: Token) -> bool:
    """Whether ``token`` is no known word, no piece of one, and does not look like a name."""
    text = token.text
    if token.part or not _SHORTEST <= len(text) <= _LONGEST:
        return False
    if not text.islower() and not (token.opens and text[1:].isalpha() and text[1:].islower()):
        return False
    named = text[0].isupper() and _LIKE_A_NAME.search(text)
    return not named and "ё" not in text and not knows(text)


def _parts(token: Token) -> Iterator[tuple[int, Token]]:
    """``token``, or the unknown parts of a compound, each with its place in the line."""
    place = token.start
    pieces = token.text.split("-")
    for piece in pieces:
        if len(pieces) == 1:
            yield place, token
        elif len(piece) >= _SHORTEST and piece[-1] not in "ое" and not knows(piece):
            # (корейско- and the like are no words by themselves)
            yield place, Token(text=piece, start=place)
        place += len(piece) + 1


def _in_case(word: str, read: str) -> str:
    """``word`` in the capitals of ``read``."""
    if read.isupper():
        return word.upper()
    return word.capitalize() if read[0].isupper() else word


def look_alikes(raw: str, *, scripts_told: bool = False) -> tuple[Edit, ...]:
    """Put words of ``raw`` into one script, without changing any letter's shape.

    A word of both scripts becomes Cyrillic where each of its Latin letters has a Cyrillic
    twin and most of it is Cyrillic already or the result is a known word; figures for letters
    (``COЮ3A``) go with it then. A wholly Latin word is changed only in a line that is Russian
    once its words are in one script, and only into a known word; a single letter not beside a
    figure, where it is a part of a formula, and not where it was read by a reader who tells the
    scripts apart (``scripts_told``).
    """
    if not _LATIN.search(raw):
        return ()
    words = [(match.start(), match[0], _in_cyrillic(match[0])) for match in _ANY_WORD.finditer(raw)]
    russian = sum(len(word) for _, word, cyrillic in words if _is_russian(word, cyrillic))
    in_russian = russian >= _MOSTLY * sum(len(word) for _, word, _ in words)
    edits = []
    for start, word, cyrillic in words:
        latin = len(_LATIN.findall(word))
        own = len(_CYRILLIC.findall(word))
        if not latin or cyrillic is None:
            continue
        if len(word) == 1 and (scripts_told or _is_beside_figure(raw, start)):
            continue
        known = knows(cyrillic) if own else in_russian and _is_frequent(cyrillic)
        if known or (own > latin and word.isalpha()):
            edits.append(
                Edit(
                    rule="look-alikes",
                    start=start,
                    before=word,
                    after=cyrillic,
                    layer=Layer.DIPLOMATIC,
                    evidence=f"{latin} Latin letters of Cyrillic shape",
                )
            )
    return tuple(edits)


def _is_beside_figure(raw: str, place: int) -> bool:
    """Whether the character at ``place`` touches a figure."""
    return any(x.isdigit() for x in (raw[place - 1 : place], raw[place + 1 : place + 2]))


def _is_frequent(word: str) -> bool:
    """Whether a wholly Latin word is rather this one: ``He``, ``CCCP``, but not ``Type``."""
    return knows(word) and WordTrie.load().log_prob(folded(word)) > _FREQUENT


def _in_cyrillic(word: str) -> str | None:
    """``word`` in Cyrillic letters of the same shape; ``None`` where a letter has no twin."""
    changed = word.translate(LATIN_TO_CYRILLIC).replace("r", "г")
    if any(c.isdigit() for c in word):
        changed = changed.translate(_FIGURES if word.upper() == word else _SMALL_FIGURES)
    return changed if _RUSSIAN.fullmatch(changed) else None


def _is_russian(word: str, cyrillic: str | None) -> bool:
    """Whether ``word`` has a letter that only Cyrillic has, or is a word in Cyrillic letters."""
    own = "".join(_CYRILLIC.findall(word))
    return any(c not in _TWINS for c in own) or (cyrillic is not None and knows(cyrillic))


def set_phrases(raw: str) -> tuple[Edit, ...]:
    """Mend one misread word of a phrase of ``form.toml``: ``снятие копин воспрещается``.

    Every other word must stand there as it should, and the misread one be no word.
    """
    edits: list[Edit] = []
    matches = list(_FREE_WORD.finditer(raw))
    words = [folded(match[0]) for match in matches]
    for phrase in _phrases():
        for first in range(len(words) - len(phrase) + 1):
            read = words[first : first + len(phrase)]
            wrong = [n for n, word in enumerate(phrase) if word != read[n]]
            if len(wrong) != 1 or knows(read[wrong[0]]):
                continue
            true, match = phrase[wrong[0]], matches[first + wrong[0]]
            if any(word == true for word, _ in single_confusions(read[wrong[0]])):
                edits.append(
                    Edit(
                        rule="set-phrase",
                        start=match.start(),
                        before=match[0],
                        after=_in_case(true, match[0]),
                        layer=Layer.DIPLOMATIC,
                        evidence=f"the form says “{' '.join(phrase)}”",
                    )
                )
    return tuple(edits)


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(phrase.split()) for phrase in language.form().letterhead.phrases)
    return tuple(phrase for phrase in phrases if len(phrase) >= _PHRASE_WORDS)
