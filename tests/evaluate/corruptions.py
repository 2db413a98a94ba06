"""Russian texts and what goes wrong with them, for the properties of the measures."""

from __future__ import annotations

import random

from hypothesis import strategies as st

_TEXT = (
    "далее товарищ Мао Цзе-дун указал что он сообщил корейским товарищам о возможности "
    "заключения между Китаем и Кореей договора о дружбе, союзе и взаимопомощи 14.V.1950 г."
)
WORDS = _TEXT.split()
NOISE = (">\tN\t: 6", "возвращению получи", "ŧ ě >", "8 экз.ам Отпеч. 14.У. 19-15", "i-r")

lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
pages = st.lists(lines, max_size=7)


@st.composite
def corrupted(draw: st.DrawFn) -> tuple[str, str]:
    """A true text and a reading of it: lines lost, moved, added, letters misread."""
    true = draw(pages)
    read = list(true)
    for fault in draw(st.lists(st.sampled_from(("lose", "add", "move", "misread")), max_size=5)):
        at = draw(st.integers(0, max(0, len(read) - 1)))
        if fault == "add":
            read.insert(at, draw(st.sampled_from(NOISE) | lines))
        elif read and fault == "lose":
            del read[at]
        elif read and fault == "move":
            read.append(read.pop(at))
        elif read:
            old, new = draw(st.tuples(st.sampled_from("аеои тн"), st.sampled_from("оaс ни")))
            read[at] = read[at].replace(old, new)
    return "\n".join(true), "\n".join(read)


any_pair = corrupted() | st.tuples(st.text(), st.text())


def long_text(size: int, seed: int) -> str:
    """A text of ``size`` signs, of made-up words so that it does not repeat itself."""
    rng = random.Random(seed)
    words: list[str] = []
    length = 0
    while length < size:
        word = "".join(rng.choices("оеаинтсрвлкмдпу", k=rng.randint(2, 9)))
        words.append(word)
        length += len(word) + 1
    return " ".join(words)[:size]


def misread(text: str, rate: float, seed: int) -> str:
    """``text`` with about ``rate`` of its signs changed, lost or doubled."""
    rng = random.Random(seed)
    signs: list[str] = []
    for sign in text:
        fault = rng.random() / rate if rate else 1.0
        if fault >= 1:
            signs.append(sign)
        elif fault < 0.7:
            signs.append(rng.choice("оеаинтсрвлбжщ"))
        elif fault < 0.85:
            signs.append(sign + rng.choice("оеаинт"))
    return "".join(signs)
