"""Results and truths of other programs: PAGE XML, ALTO XML, hOCR, plain text.

:func:`read_document` tells the format from the contents, not from the name.
"""

from __future__ import annotations

from pipeline.formats.read import SUFFIXES, read_document, stem_of

__all__ = ["SUFFIXES", "read_document", "stem_of"]
