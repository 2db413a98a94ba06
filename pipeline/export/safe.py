"""Text that every format can hold."""

from __future__ import annotations

import re

# XML 1.0 has no place for these, nor has UTF-8 for half a surrogate pair.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """``text`` with what XML or UTF-8 cannot hold replaced by U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def encoded(text: str) -> bytes:
    """:func:`safe` text in UTF-8."""
    return safe(text).encode()


def one_line(text: str) -> str:
    """``text`` with all white space, line breaks too, as single spaces."""
    return " ".join(safe(text).split())
