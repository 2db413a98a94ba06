"""Words that no lexicon has, rescored with the lexicon and the network's next best letters.

Each letter of low confidence in an unknown word is tried with the other letters that the network
gives some probability there; where one makes a Russian word that the picture and the character
model find nearly as likely, it is taken. Nothing that the network does not see at all is put in,
and capitals, figures, words beside a hyphen and the first and last of a line, which may be parts of
broken words, stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import regex

from pipeline.alphabet import ALPHABET
from pipeline.character_lm import CharacterLM
from pipeline.lexicon import knows
from pipeline.ocr.ctc import Decoded, LogProbs, confidences
from pipeline.ocr.differences import language_gain, picture_gain

MARGIN = 6.0
"""By how much less likely a word may be, in nats, and still be taken for being one: by `dev`."""

_LEAST = np.log(1e-3)
_CONFIDENT = 0.98
_WORD = regex.compile(r"(?<![\p{L}\p{N}-])\p{Ll}{3,}(?![\p{L}\p{N}-])")
_LETTERS = [number for number, character in enumerate(ALPHABET, start=1) if character.islower()]


def rescored(log_probs: LogProbs, decoded: Decoded, chars: CharacterLM, weight: float) -> Decoded:
    """Replace unknown words of ``decoded`` by known ones of which the network saw every letter.

    ``weight``: of the character model, as in decoding. Letters are replaced one for one, so that
    spans stay as they are.
    """
    for found in _WORD.finditer(decoded.text):
        first, last = found.span()
        if first == 0 or last == len(decoded.text) or knows(found.group()):
            continue
        best, text = -MARGIN, None
        for place, character in _other_letters(log_probs, decoded, first, last):
            changed = decoded.text[:place] + character + decoded.text[place + 1 :]
            if not knows(changed[first:last]):
                continue
            gain = picture_gain(log_probs, decoded, place, place + 1, character)
            gain += weight * language_gain(chars, decoded.text, place, place + 1, character)
            if gain > best:
                best, text = gain, changed
        if text is not None:
            fresh = confidences(log_probs, text, decoded.spans)
            decoded = replace(decoded, text=text, confidences=fresh)
    return decoded


def _other_letters(
    log_probs: LogProbs, decoded: Decoded, first: int, last: int
) -> Iterator[tuple[int, str]]:
    """Letters of low confidence in a word: the place of each and another letter seen there."""
    for place in range(first, last):
        if decoded.confidences[place] > _CONFIDENT:
            continue
        begin, end = decoded.spans[place]
        best = log_probs[begin : end + 1].max(axis=0)
        for number in _LETTERS:
            character = ALPHABET[number - 1]
            if best[number] >= _LEAST and character != decoded.text[place]:
                yield place, character
