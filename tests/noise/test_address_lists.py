"""The last name of a list of addressees stays with it, though it stands where people sign."""

from __future__ import annotations

import pytest

from pipeline.model import Box, Line, LineKind, Reading
from pipeline.noise.address_lists import with_address_lists


def line(text: str, top: int, kind: LineKind, left: int = 660) -> Line:
    box = Box(left=left, top=top, right=left + 20 * len(text), bottom=top + 30)
    return Line(id=text, reading=Reading.of("file", text), box=box, kind=kind)


@pytest.mark.parametrize(("below", "kind"), [(36, LineKind.ADDRESSEE), (70, LineKind.SIGNATURE)])
def test_the_last_name_of_a_list(below: int, kind: LineKind) -> None:
    names = ["Тарбакяну,", "Кавтарадзе,", "Сарыченко,"]
    lines = [
        line("т.т.Пестеряну,", 100, LineKind.ADDRESSEE, 600),
        *(line(x, 136 + 36 * n, LineKind.TABLE) for n, x in enumerate(names)),
        line("Дубравяну", 136 + 72 + below, LineKind.SIGNATURE),
    ]
    kinds = [x.kind for x in with_address_lists(lines)]
    assert kinds == [*[LineKind.ADDRESSEE] * 4, kind]
