"""The words of a line that may be corrected at all, each with what stands around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from pipeline.lexicon import knows

# A word that touches a figure, another script or a character of no text is part of something else.
_TOUCHES = r"\p{L}\p{M}\p{N}\p{S}\"'’*#@&%\\/_№"
_WORD = regex.compile(
    rf"(?<![{_TOUCHES}]|-)\p{{Cyrillic}}++(?:-\p{{Cyrillic}}++)*+(?![{_TOUCHES}]|-)"
)
_SENTENCE_ENDS = regex.compile(r"[.!?…]\W*$")
_LAST = regex.compile(r"(?<!\p{L})(\p{Cyrillic}++)-?\s*$")
_FIRST = regex.compile(r"^\W*(\p{Cyrillic}++)")
_SHORT_FOR = 5
"""Letters, at most, of what may be an abbreviation where a full stop follows at once."""

_LEAST_LEGIBLE = 0.2
"""Share of a line's words of four letters and more that must be known: else all is guessing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of Cyrillic letters at ``start`` of the raw line.

    ``before`` and ``after`` are the words beside it in small letters, empty where punctuation or
    nothing stands there. ``opens``: it is the first word of a sentence. ``part``: it may be
    a piece of a word, cut by a space or (``broken``) by the line's end.
    """

    text: str
    start: int
    before: str = ""
    after: str = ""
    opens: bool = False
    part: bool = False
    broken: bool = False


def tokens(raw: str, above: str = "", below: str = "") -> tuple[Token, ...]:
    """The words of ``raw`` that stand free, between the lines ``above`` and ``below``."""
    matches = list(_WORD.finditer(raw))
    found = []
    for place, match in enumerate(matches):
        before = after = ""
        if place and raw[matches[place - 1].end() : match.start()] == " ":
            before = matches[place - 1][0].lower()
        if place + 1 < len(matches) and raw[match.end() : matches[place + 1].start()] == " ":
            after = matches[place + 1][0].lower()
        broken = _is_broken(raw, match, above, below)
        found.append(
            Token(
                text=match[0],
                start=match.start(),
                before=before,
                after=after,
                opens=_SENTENCE_ENDS.search(raw[: match.start()][-8:]) is not None,
                part=broken or _is_part(match[0], before, after),
                broken=broken,
            )
        )
    return tuple(found)


def beside(token: Token, *, before: str, after: str) -> Token:
    """``token`` between other words."""
    part = token.broken or _is_part(token.text, before, after)
    return replace(token, before=before, after=after, part=part)


def is_legible(raw: str) -> bool:
    """Whether the words of ``raw`` are known, enough of them to go by."""
    words = [word for word in regex.findall(r"\p{Cyrillic}+", raw) if len(word) >= 4]
    return sum(map(knows, words)) >= _LEAST_LEGIBLE * len(words)


def may_be_short_for(token: Token, raw: str) -> bool:
    """Whether ``token`` may be an abbreviation: short, and with a full stop at its end."""
    end = token.start + len(token.text)
    return len(token.text) <= _SHORT_FOR and raw[end : end + 1] == "."


def _is_part(word: str, before: str, after: str) -> bool:
    """Whether ``word`` and a neighbour are one known word."""
    low = word.lower()
    return bool((before and knows(before + low)) or (after and knows(low + after)))


def _is_broken(raw: str, match: regex.Match[str], above: str, below: str) -> bool:
    """Whether ``match`` goes on in the next line, or began in the one before."""
    low = match[0].lower()
    if not raw[match.end() :].strip(" -") and (first := _FIRST.match(below)):
        return knows(low + first[1].lower())
    if not raw[: match.start()].strip() and (last := _LAST.search(above)):
        return above.rstrip().endswith("-") or knows(last[1].lower() + low)
    return False
