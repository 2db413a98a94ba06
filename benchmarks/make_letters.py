"""Make ``config/letters.toml``: how often Russian letters follow each other.

Usage: ``python benchmarks/make_letters.py CORPUS.tar.xz [OUT.toml]``. The corpus is a tar of
plain UTF-8 Russian texts; only counts leave it. Counts are of letter triples inside words,
``_`` standing for the word's edge, ё counted as е, summed over the corpus and cut where
rarer than one in two million.
"""

from __future__ import annotations

import sys
import tarfile
from collections import Counter
from pathlib import Path

import regex

_WORD = regex.compile(r"[а-я]+")
_RAREST = 5e-7

_HEADER = """\
# Letter triples of Russian words with their frequencies, per million; `_` is a word's edge.
# Made by benchmarks/make_letters.py from "Полное собрание сочинений И. В. Сталина"
# (S. Shkarin, Harvard Dataverse, doi:10.7910/DVN/JMPSDM), official prose of 1901-1946.
# Only these counts come from it.  Example: "_на" = 6954.1 means that 0.70 % of all triples
# are a word's beginning "на".
"""


def triples(text: str) -> Counter[str]:
    """Counts of letter triples of all words of ``text``."""
    counts: Counter[str] = Counter()
    for word, number in Counter(_WORD.findall(text.lower().replace("ё", "е"))).items():
        edged = f"_{word}_"
        for start in range(len(edged) - 2):
            counts[edged[start : start + 3]] += number
    return counts


def main(arguments: list[str]) -> int:
    """Read the corpus, write the table."""
    counts: Counter[str] = Counter()
    with tarfile.open(arguments[0]) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                counts += triples(stream.read().decode("utf-8"))
    total = counts.total()
    rows = sorted((t, n / total) for t, n in counts.items() if n / total >= _RAREST)
    out = Path(arguments[1] if len(arguments) > 1 else "config/letters.toml")
    lines = [
        f"{t} = {share * 1e6:.1f}" if t.isascii() else f'"{t}" = {share * 1e6:.1f}'
        for t, share in rows
    ]
    out.write_text(_HEADER + "[triples]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{out}: {len(rows)} triples of {total} counted")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
