"""The alphabet of typewritten lines: what the recogniser and the character model know."""

from __future__ import annotations

ALPHABET = (
    " абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ"
    "0123456789.,:;?!-\"'()/№%+=*«»§_&IVXLCDMlN"
)
"""Every sign that the recogniser knows; the first is the space.

In arrays sign ``i`` has the number ``i + 1``; 0 is the blank of the recogniser, and the end of
the line in the character model. Networks and models depend on the order.
"""

NUMBERS = {sign: number for number, sign in enumerate(ALPHABET, start=1)}
"""The number of each sign in arrays."""
