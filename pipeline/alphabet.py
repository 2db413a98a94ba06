"""The alphabet of typewritten lines: what the recogniser and the character model know."""

from __future__ import annotations

ALPHABET = (
    " абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ"
    "0123456789.,:;?!-\"'()/№%+=*«»§_&IVXLCDMlN"
    "ABEFGHJKOPQRSTUWYZ÷±°[]<>"
)
"""Every character that the recogniser knows; the first is the space.

In arrays character ``i`` has the number ``i + 1``; 0 is the blank of the recogniser, and the end of
the line in the character model. Networks and models depend on the order.
"""

NUMBERS = {character: number for number, character in enumerate(ALPHABET, start=1)}
"""The number of each character in arrays."""
