"""What the readers' certainty says of a line: type is kept in any script, scraps go."""

from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.model import TESSERACT, TYPEWRITER, VOTE, Box, Line, LineKind, Reading, Verdict, Word
from pipeline.noise import classify
from pipeline.noise import reader_rules as rules
from pipeline.noise.features import Features, Neighbours, view_of

PROSE = [
    "Транслятор обрабатывает каждый оператор программы и помещает",
    "результат в таблицу имен, которая хранится в оперативной памяти",
    "машины. Каждой строке таблицы соответствует описание переменной",
    "и список указателей на все операторы, в которых она встречается.",
    "Размер таблицы задается при вызове и может быть изменен позднее.",
    "Если места в таблице не хватает, выдается сообщение об ошибке.",
]
HEIGHT, LEFT, PITCH = 40, 300, 24


def line(number: int, text: str, sure: float, other: str | None = None) -> Line:
    box = Box(
        left=LEFT,
        top=400 + 80 * number,
        right=LEFT + PITCH * max(1, len(text)),
        bottom=400 + 80 * number + HEIGHT,
    )
    words = [Word(text=word, confidence=sure) for word in text.split()]
    own = Reading.of_words(TYPEWRITER, words, sure)
    others = [own]
    if other is not None:
        others.append(Reading.of_words(TESSERACT, [Word(text=x) for x in other.split()], 0.4))
    voted = Reading.of_words(VOTE, words, sure)
    return Line(id=f"l{number}", reading=voted, alternatives=tuple(others), box=box)


def finding(rule: object, text: str, sure: float, other: str | None = None) -> float:
    one = Features(line(0, text, sure, other))
    found = rule(one, Neighbours(view=view_of([one], None), index=0))  # type: ignore[operator]
    return 0.0 if found is None else float(found[0])


@pytest.mark.parametrize(
    ("rule", "text", "sure", "expected"),
    [
        (rules.certain_type, "указал", 0.99, True),
        (rules.certain_type, "указал", 0.6, False),
        (rules.certain_type, "CK", 0.99, False),
        (rules.certain_marks, "CK", 0.99, True),
        (rules.certain_marks, "-", 0.99, False),
        (rules.doubted_type, "маловарнава", 0.1, True),
        (rules.doubted_type, "указал", 0.9, False),
        (rules.typed_latin, "SN,IFDS,STRING", 0.5, True),
        (rules.typed_latin, "SN,IFDS,STRING", 0.1, False),
        (rules.typed_latin, "указал", 0.99, False),
    ],
)
def test_a_rule_speaks_where_it_should(
    rule: object, text: str, sure: float, expected: bool
) -> None:
    assert (finding(rule, text, sure) > 0) is expected


def test_readers_that_differ_speak_against_type_but_not_in_latin() -> None:
    assert finding(rules.readers_differ, "парене", 0.1, "Тех, эмызуа") > 0
    assert finding(rules.readers_differ, "указал", 0.9, "уназал") == 0
    assert finding(rules.readers_differ, "NAME SN", 0.9, "МАМЕ ЗМ") == 0
    assert finding(rules.readers_differ, "указал", 0.9) == 0  # not asked is no difference


@pytest.mark.parametrize(
    "typed",
    ["LABEL: SN,IFDS,STRING,N", "PUTFORM, GETCHAN.", "K = I + J,", "X1=A(I,J)*B(I)", "DMP 1000",
     "017 24 00012"],
)  # fmt: skip
def test_typed_program_lines_between_prose_are_kept(typed: str) -> None:
    lines = [line(n, text, 0.98) for n, text in enumerate([*PROSE[:3], typed, *PROSE[3:]])]
    kept = classify(lines, Settings().noise, 3000)[3]
    assert kept.verdict is not Verdict.DROP
    assert kept.kind in Settings().output.kinds


def test_letters_that_the_recogniser_makes_of_handwriting_below_a_text_go() -> None:
    scraps = [line(9, "маловарнавалик ирывалава", 0.1, "ыв"), line(10, "парене", 0.06, "Тех,")]
    lines = [*(line(n, text, 0.98) for n, text in enumerate(PROSE)), *scraps]
    judged = classify(lines, Settings().noise, 3000)
    assert [x.verdict for x in judged[:6]] == [Verdict.KEEP] * 6
    assert all(x.verdict is Verdict.DROP or x.kind is LineKind.FORM for x in judged[6:])
