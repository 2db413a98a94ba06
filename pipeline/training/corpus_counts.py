"""Counts of words, of their followers and of letters, made from a corpus of period prose.

The corpus is a tar of plain UTF-8 Russian texts; only figures leave it, no text. They are
stored as MessagePack, the same bytes for the same corpus: ``config/fitted/word_counts.msgpack``
and ``letters.msgpack`` (``pipeline/resources/fitted.py`` says what they hold).
"""

from __future__ import annotations

import tarfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import regex

from pipeline.errors import InputMissingError, InputUnreadableError
from pipeline.resources.fitted import LetterCounts, WordCounts
from pipeline.resources.tables import read_table

_FORM = regex.compile(r"(?<![\p{L}\p{N}-])[а-я]+(?:-[а-я]+)?(?![\p{L}\p{N}-])")
_TOKEN = regex.compile(r"[\p{L}\p{N}-]+|[^\p{L}\p{N}\s-]")
_LETTERS = regex.compile(r"[а-я]+")
_SINGLE = frozenset("аивкосуя")

FORMS = 3000
"""Word forms that are kept, the commonest."""

PAIRS = 12000
"""Pairs of forms that are kept at most, the commonest."""

FOLLOWERS = 14
"""Followers that a form has at most."""

FEWEST = 6
"""Texts in which a pair must stand."""

RAREST = 5e-7
"""Share of all triples from which a triple is kept."""

_SOURCE = (
    "from “Полное собрание сочинений И. В. Сталина” (S. Shkarin, Harvard Dataverse,"
    " doi:10.7910/DVN/JMPSDM), official prose of 1901-1946; only these figures come from it"
)
_ABOUT_WORDS = (
    f"The {FORMS} commonest Russian word forms with their counts, and for a form those that most"
    f" often come right after it, the commonest first; {_SOURCE}."
)
_ABOUT_LETTERS = (
    "Letter triples of Russian words with their frequencies, per million, _ being a word's edge;"
    f" {_SOURCE}."
)


def read_texts(corpus: Path) -> Iterator[str]:
    """The texts of the tar ``corpus``, in its order, ё as е.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is no tar.

    """
    try:
        with tarfile.open(corpus) as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield stream.read().decode("utf-8").replace("ё", "е").replace("Ё", "Е")
    except FileNotFoundError as error:
        raise InputMissingError(corpus, "there is no such corpus") from error
    except (tarfile.TarError, OSError) as error:
        raise InputUnreadableError(corpus, f"is no tar: {error}") from error


def count_words(texts: Iterable[str]) -> WordCounts:
    """The commonest word forms of ``texts``, and their followers.

    A pair counts once for each text: a phrase that one text repeats is not common.
    """
    texts = list(texts)
    found: Counter[str] = Counter()
    for text in texts:
        found.update(form for form in _FORM.findall(text) if len(form) > 1 or form in _SINGLE)
    rows = sorted(found.most_common(FORMS), key=lambda row: (-row[1], row[0]))
    places = {form: place for place, (form, _) in enumerate(rows)}
    followers = _followers(texts, places)
    return WordCounts(
        about=_ABOUT_WORDS,
        forms=" ".join(places),
        counts=tuple(count for _, count in rows),
        followers=tuple(tuple(places[word] for word in followers.get(form, ())) for form in places),
    )


def _followers(texts: Iterable[str], forms: Mapping[str, int]) -> dict[str, list[str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        tokens = _TOKEN.findall(text)
        pairs.update({(a, b) for a, b in pairwise(tokens) if a in forms and b in forms})
    followers: dict[str, list[str]] = defaultdict(list)
    for (first, second), count in sorted(pairs.items(), key=lambda x: (-x[1], x[0]))[:PAIRS]:
        if count >= FEWEST and len(followers[first]) < FOLLOWERS:
            followers[first].append(second)
    return followers


def count_letters(texts: Iterable[str]) -> LetterCounts:
    """The letter triples inside the words of ``texts``, those too rare left out."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word, number in Counter(_LETTERS.findall(text.lower())).items():
            edged = f"_{word}_"
            for start in range(len(edged) - 2):
                counts[edged[start : start + 3]] += number
    total = counts.total()
    rows = sorted((x, n / total) for x, n in counts.items() if n / total >= RAREST)
    return LetterCounts(
        about=_ABOUT_LETTERS,
        triples="".join(triple for triple, _ in rows),
        tenths=tuple(int(f"{share * 1e6:.1f}".replace(".", "")) for _, share in rows),
    )


class Kind(NamedTuple):
    """A kind of counts: its file in ``config/``, the type of what it holds, how it is made."""

    file: str
    type: type[WordCounts | LetterCounts]
    made: Callable[[Iterable[str]], WordCounts | LetterCounts]


COUNTS = {
    "words": Kind("fitted/word_counts.msgpack", WordCounts, count_words),
    "letters": Kind("fitted/letters.msgpack", LetterCounts, count_letters),
}
"""The kinds of counts, by name."""


def read_counts(name: str) -> WordCounts | LetterCounts:
    """The counts of that name, as they ship. Raises as :func:`read_table`."""
    return read_table(COUNTS[name].file, COUNTS[name].type)


def packed(counts: WordCounts | LetterCounts) -> bytes:
    """The file's bytes."""
    return msgspec.msgpack.encode(counts)


def shown(counts: WordCounts | LetterCounts) -> Iterator[str]:
    """The figures as lines of text: what they are, then one row for each form or triple."""
    yield f"# {counts.about}"
    if isinstance(counts, LetterCounts):
        yield from (f"{triple} {frequency:.1f}" for triple, frequency in counts.by_triple().items())
        return
    following = counts.following()
    for form, count in counts.by_form().items():
        yield " ".join((form, str(count), *following.get(form, ())))
