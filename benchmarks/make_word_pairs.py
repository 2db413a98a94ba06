"""Make ``config/word_pairs.toml``: which of the common word forms often follow each other.

Usage: ``python benchmarks/make_word_pairs.py CORPUS.tar.xz [OUT.toml]``. The corpus is that
of ``make_word_counts.py``; only the order of frequency of pairs leaves it, of pairs that
stand there in several documents. Facsimiles take the order of their words from it.
"""

from __future__ import annotations

import sys
import tarfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import regex

from pipeline.config import table

_TOKEN = regex.compile(r"[\p{L}\p{N}-]+|[^\p{L}\p{N}\s-]")
_FOLLOWERS = 14
_FEWEST = 6
_HOW_MANY = 12000

_HEADER = """\
# Which common word forms follow each other: for a form, those that most often come right
# after it, the commonest first. Forms are those of word_counts.toml.
# Made by benchmarks/make_word_pairs.py from "Полное собрание сочинений И. В. Сталина"
# (S. Shkarin, Harvard Dataverse, doi:10.7910/DVN/JMPSDM). Only this order comes from it.
# Example: "нашей" = "партии страны" means that "партии" is what follows "нашей" most often.
"""


def main(arguments: list[str]) -> int:
    """Read the corpus, write the table."""
    forms = table("word_counts")["words"]
    pairs: Counter[tuple[str, str]] = Counter()
    with tarfile.open(arguments[0]) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                pairs.update(_pairs(stream.read().decode("utf-8"), forms))
    followers: dict[str, list[str]] = defaultdict(list)
    for (first, second), count in sorted(pairs.items(), key=lambda x: (-x[1], x[0]))[:_HOW_MANY]:
        if count >= _FEWEST and len(followers[first]) < _FOLLOWERS:
            followers[first].append(second)
    out = Path(arguments[1] if len(arguments) > 1 else "config/word_pairs.toml")
    rows = (f'"{form}" = "{" ".join(followers[form])}"\n' for form in forms if followers[form])
    out.write_text(_HEADER + "[pairs]\n" + "".join(rows), encoding="utf-8")
    print(f"{out}: {out.stat().st_size // 1000} kB, {sum(map(len, followers.values()))} pairs")
    return 0


def _pairs(text: str, forms: dict[str, int]) -> set[tuple[str, str]]:
    """The pairs of one document, each once: a phrase that one text repeats is not common."""
    tokens = _TOKEN.findall(text.replace("ё", "е").replace("Ё", "Е"))
    return {(a, b) for a, b in pairwise(tokens) if a in forms and b in forms}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
