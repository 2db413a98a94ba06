"""Words that are none, and what they surely were: one misread letter from a common word.

A noisy channel (Kernighan, Church, Gale 1990): how likely a word is, times how likely it is
to be read so, against the chance that what was read is a true word that the lexicon lacks.
Only what is nearly certain is changed; names, figures and pieces of words never are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from pipeline.cleanup.confusions import Confusions, double_confusions, single_confusions
from pipeline.cleanup.odds import (
    IMPOSSIBLE,
    context_odds,
    is_counted,
    is_rare,
    new_word_odds,
    word_odds,
)
from pipeline.cleanup.tokens import Token, beside, is_legible, may_be_short_for, tokens
from pipeline.lexicon import folded, knows
from pipeline.model import Edit, Layer

OVER_LEAVING, OVER_LEAVING_SHORT, OVER_SECOND = 6.0, 8.0, 2.5
"""Natural logarithms: how much likelier than an unknown word (in short words), and than the next
best, it must be. Tuned on facsimiles of the set ``dev`` and others of its typewriters."""

_SHORTEST, _SHORT = 4, 5
_RARE_FROM = 9
"""Letters of a word that nothing but the dictionary vouches for."""

_LONGEST = 40
_LIKE_A_NAME = regex.compile(
    r"(?:(?:[ое]в|[иы]н)(?:а|у|ым|е|ой)?|[сц]к(?:ий|ого|ому|им|ом|ая|ой)|ко|ян|дзе|ли|[чщн]ук)$"
)
"""How surnames end: a word that opens a sentence may be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a word surely was; ``lead`` and ``gain`` are over the next best and over leaving."""

    word: str
    gain: float
    lead: float


def misreadings(raw: str, above: str = "", below: str = "") -> tuple[Edit, ...]:
    """Edits that put common words for misread ones of ``raw``, between its neighbours.

    A corrected word is context for the words beside it, so nothing is left for a second time.
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
            if made := list(_edits(token)):
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
                evidence=f"no word; {_times(guess.gain)} likelier than one unknown",
            )


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
    """What ``token`` surely was; ``None`` where it stays."""
    low = folded(token.text)
    # Two misreadings are thought of only where one does not explain it.
    ranked = _ranked(token, single_confusions(low)) or _ranked(token, double_confusions(low))
    if not ranked:
        return None
    best, word = ranked[0]
    gain = best - new_word_odds(low)
    lead = best - ranked[1][0] if len(ranked) > 1 else gain
    least = OVER_LEAVING if len(low) > _SHORT else OVER_LEAVING_SHORT
    if gain < least or lead < OVER_SECOND or (is_rare(word) and len(word) < _RARE_FROM):
        return None
    if token.text[0].isupper() and not is_counted(word):  # it may still be a name
        return None
    return Guess(word=_in_case(word, token.text), gain=gain, lead=lead)


def _ranked(token: Token, confusions: Confusions) -> list[tuple[float, str]]:
    """The words among ``confusions`` with their odds, the likeliest first."""
    odds: dict[str, float] = {}
    for word, misread in confusions:
        own = word_odds(word)
        if own > IMPOSSIBLE:
            score = own + misread + context_odds(token.before, word, token.after)
            odds[word] = max(score, odds.get(word, IMPOSSIBLE))
    return sorted(((score, word) for word, score in odds.items()), reverse=True)


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
    return word.capitalize() if read[0].isupper() else word


def _times(gain: float) -> str:
    """A gain as a factor of ten, for the evidence: ``1000 times``."""
    return f"10^{gain / 2.302585:.0f} times"
