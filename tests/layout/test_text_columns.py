"""Two columns of prose side by side in raw text; posts with names and tables are none."""

from __future__ import annotations

from pipeline.layout.text import text_lines

LEFT = [
    "Посол сообщил министру иностранных",
    "дел о том, что переговоры завершены",
    "и договор будет подписан в ближайшие",
    "дни в столице республики после того,",
    "как стороны согласуют все статьи и",
    "приложения к нему, а также протокол.",
]
RIGHT = [
    "Делегация прибыла в Пекин вчера вечером",
    "и была встречена на вокзале членами",
    "правительства и представителями народной",
    "армии. Сегодня утром делегация посетила",
    "завод и беседовала с рабочими и с",
    "инженерами о производстве станков.",
]


def raws(text: str) -> list[str]:
    return [line.raw.strip() for line in text_lines(text, 1)]


def test_the_left_column_comes_first() -> None:
    rows = [f"{a:41}{b}" for a, b in zip(LEFT, RIGHT, strict=True)]
    text = "\n".join(["                  СООБЩЕНИЕ ТАСС", "", *rows, "", "Верно:"])
    lines = text_lines(text, 1)
    assert [line.raw.strip() for line in lines] == ["СООБЩЕНИЕ ТАСС", *LEFT, *RIGHT, "Верно:"]
    assert len({line.id for line in lines}) == len(lines)
    right = lines[len(LEFT) + 1]
    assert (right.id, right.starts_paragraph) == ("p1-l003b", True)


def test_a_shorter_column_ends_earlier() -> None:
    rows = [f"{a:41}{b}".rstrip() for a, b in zip(LEFT, [*RIGHT[:5], ""], strict=True)]
    assert raws("\n".join(rows)) == [*LEFT, *RIGHT[:5]]


def test_posts_and_names_are_read_by_row() -> None:
    rows = [
        "Министр обороны Союза ССР                С.Соколов",
        "министр иностранных дел СССР             Э.Шеварднадзе",
        "председатель Комитета СССР               В.Чебриков",
        "министр энергетики СССР                  А.Майорец",
        "министр здравоохранения СССР             С.Буренков",
        "заместитель председателя совета          Б.Щербина",
    ]
    assert raws("\n".join(rows)) == rows


def test_tables_are_read_by_row() -> None:
    rows = [f"{name:30}{n:6}{n * 7:9}" for n, name in enumerate(LEFT, start=10)]
    assert raws("\n".join(rows)) == rows
