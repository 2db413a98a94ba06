"""Points of a list open paragraphs of their own, and other lines do not."""

from __future__ import annotations

from pipeline.config import Settings
from pipeline.layout.text import text_lines
from pipeline.model import Layer
from pipeline.process import process_text
from pipeline.transcript import render

LIST = """Комиссия предлагает:
1. Утвердить смету расходов на второй квартал и
поручить министерству внести предложения.
2) Передать заводу оборудование.
- закончить ремонт до осени;
— построить общежитие.
"""


def rendered(text: str) -> list[str]:
    settings = Settings()
    document = process_text(text, "x", settings, source="x")
    return render(document, Layer.READING, settings.output.kinds).splitlines()


def test_numbered_points_and_dashes_open_paragraphs() -> None:
    assert rendered(LIST) == [
        "Комиссия предлагает:",
        "1. Утвердить смету расходов на второй квартал и поручить министерству внести предложения.",
        "2) Передать заводу оборудование.",
        "- закончить ремонт до осени;",
        "— построить общежитие.",
    ]


def test_a_dash_or_a_date_inside_a_sentence_opens_none() -> None:
    text = "Посол сообщил министру новость\n- договор был подписан в срок, а\n14. мая он уехал.\n"
    assert len(rendered(text)) == 1


def test_an_indent_is_further_than_the_margin() -> None:
    text = "".join(
        " " * indent + "Посол сообщил министру о прибытии делегации.\n"
        for indent in (35, 30, 30, 35, 30)
    )
    opened = [line.starts_paragraph for line in text_lines(text, 1)]
    assert opened == [True, False, False, True, False]


def test_dashes_without_a_space_articles_and_bare_numbers() -> None:
    for text in (
        "Задачи:\n-усилить контроль на участке;\n-повысить дисциплину труда.\n",
        "§ 1. Общие положения устава.\n§ 2. Порядок работы комиссии.\n",
        "Пункт 1. Утвердить план.\nПункт 2. Поручить министру доложить.\n",
        "1 Утвердить план работы комиссии.\n2 Поручить министру доложить о ходе работ.\n",
    ):
        assert rendered(text) == text.splitlines()


def test_a_bare_number_that_counts_nothing_opens_none() -> None:
    text = "Совещание по вопросам торговли прошло.\n12 Мая делегация отбыла в Москву.\n"
    assert len(rendered(text)) == 1
