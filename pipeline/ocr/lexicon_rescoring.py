"""Words that no lexicon has, read once more with the second thoughts of the network.

The network's second thoughts are asked for each unsure letter of an unknown word; where one of
them makes a Russian word that the picture and the character model find nearly as likely, it is
taken. Nothing that the network does not see at all is put in, and capitals, figures, words
beside a hyphen and the first and last of a line, which may be parts of broken words, stay.
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
_SURE = 0.98
_WORD = regex.compile(r"(?<![\p{L}\p{N}-])\p{Ll}{3,}(?![\p{L}\p{N}-])")
_LETTERS = [number for number, sign in enumerate(ALPHABET, start=1) if sign.islower()]


def rescored(log_probs: LogProbs, decoded: Decoded, chars: CharacterLM, weight: float) -> Decoded:
    """``decoded`` with its unknown words mended where the network itself had the right letter.

    ``weight``: of the character model, as in decoding. Letters are replaced one for one, so that
    spans stay as they are.
    """
    for found in _WORD.finditer(decoded.text):
        first, last = found.span()
        if first == 0 or last == len(decoded.text) or knows(found.group()):
            continue
        best, text = -MARGIN, None
        for place, sign in _second_thoughts(log_probs, decoded, first, last):
            changed = decoded.text[:place] + sign + decoded.text[place + 1 :]
            if not knows(changed[first:last]):
                continue
            gain = picture_gain(log_probs, decoded, place, place + 1, sign)
            gain += weight * language_gain(chars, decoded.text, place, place + 1, sign)
            if gain > best:
                best, text = gain, changed
        if text is not None:
            sure = confidences(log_probs, text, decoded.spans)
            decoded = replace(decoded, text=text, confidences=sure)
    return decoded


def _second_thoughts(
    log_probs: LogProbs, decoded: Decoded, first: int, last: int
) -> Iterator[tuple[int, str]]:
    """For each unsure letter of a word its place and another letter that is seen there."""
    for place in range(first, last):
        if decoded.confidences[place] > _SURE:
            continue
        begin, end = decoded.spans[place]
        best = log_probs[begin : end + 1].max(axis=0)
        for number in _LETTERS:
            sign = ALPHABET[number - 1]
            if best[number] >= _LEAST and sign != decoded.text[place]:
                yield place, sign
