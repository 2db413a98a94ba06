"""Make ``config/word_counts.toml``: how often the commonest Russian word forms occur.

Usage: ``python benchmarks/make_word_counts.py CORPUS.tar.xz [OUT.toml]``. The corpus is a
tar of plain UTF-8 Russian texts; only counts leave it. Facsimiles are typed with words
drawn from this table, so that no text of another's enters the repository.
"""

from __future__ import annotations

import sys
import tarfile
from collections import Counter
from pathlib import Path

import regex

_WORD = regex.compile(r"(?<![\p{L}\p{N}-])[а-я]+(?:-[а-я]+)?(?![\p{L}\p{N}-])")
_SINGLE = frozenset("аивкосуя")
_HOW_MANY = 3000

_HEADER = """\
# The 3000 commonest Russian word forms (lower case, ё written е) with their counts.
# Made by benchmarks/make_word_counts.py from "Полное собрание сочинений И. В. Сталина"
# (S. Shkarin, Harvard Dataverse, doi:10.7910/DVN/JMPSDM), official prose of 1901-1946.
# Only these counts come from it. Facsimiles are typed with words drawn by these counts.
# Example: "время" = 1191 means that the form stands 1191 times in that corpus.
"""


def main(arguments: list[str]) -> int:
    """Read the corpus, write the table."""
    counts: Counter[str] = Counter()
    with tarfile.open(arguments[0]) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                text = stream.read().decode("utf-8").replace("ё", "е").replace("Ё", "Е")
                counts.update(w for w in _WORD.findall(text) if len(w) > 1 or w in _SINGLE)
    rows = sorted(counts.most_common(_HOW_MANY), key=lambda row: (-row[1], row[0]))
    out = Path(arguments[1] if len(arguments) > 1 else "config/word_counts.toml")
    body = "".join(f'"{word}" = {number}\n' for word, number in rows)
    out.write_text(_HEADER + "[words]\n" + body, encoding="utf-8")
    print(f"{out}: {len(rows)} forms of {len(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
