"""Noise around the body is cut away; a text of another truth gains nothing by it."""

from __future__ import annotations

from corruptions import corrupted, long_text
from hypothesis import given

from pipeline.evaluate.body import match_body
from pipeline.evaluate.metrics import cer
from pipeline.text import Level

BODY = (
    "Далее товарищ Мао Цзе-дун указал, что он сообщил корей-\n"
    "ским товарищам о возможности заключения между Китаем\n"
    "и Кореей договора о дружбе, союзе и взаимопомощи.\n"
)
HEAD = "Шифртелеграмма\nСтрого секретно\n>\tN\t: 6\ti-r\t1\tБу\tЛІ\tra\n"
FOOT = "8 экз. ам\nОтпеч. 14.V. 19-15\n"
OTHER = (
    "Правительство согласно с предложением о созыве конференции.\n"
    "Прошу срочно телеграфировать ваше мнение по существу вопроса.\n"
    "Поезд прибывает завтра утром, встречайте делегацию на вокзале.\n"
)


def test_noise_around_the_body_is_not_counted() -> None:
    read = BODY.replace("ш", "щ").replace("ц", "п")
    for level in Level:
        found = match_body(BODY, HEAD + read + FOOT).at(level)
        assert found.counts == cer(BODY, read, level)
        assert found.skipped > 50
        assert not found.refused


def test_noise_between_the_lines_is_not_counted() -> None:
    first, *rest = BODY.splitlines()
    found = match_body(BODY, "\n".join([first, HEAD, *rest])).strict
    assert found.counts.errors == 0


def test_a_lost_line_is_still_lost() -> None:
    first, second, third = BODY.splitlines()
    found = match_body(BODY, f"{HEAD}{first}\n{third}\n{FOOT}").strict
    assert found.counts.errors == len(second) + 1


def test_a_moved_line_is_not_skipped() -> None:
    first, second, third = BODY.splitlines()
    found = match_body(BODY, f"{second}\n{HEAD}{first}\n{third}\n").strict
    assert found.counts.errors >= len(second)
    assert found.skipped == sum(len(" ".join(row.split())) for row in HEAD.splitlines())


def test_a_wrong_text_cannot_win_by_skipping() -> None:
    for level in Level:
        found = match_body(BODY, OTHER * 4).at(level)
        assert found.refused == 1
        assert found.skipped == 0
        assert found.counts == cer(BODY, OTHER * 4, level)


@given(corrupted())
def test_nothing_to_skip_changes_nothing(pair: tuple[str, str]) -> None:
    true, _ = pair
    assert match_body(true, true).strict.counts == cer(true, true)


@given(corrupted())
def test_cutting_noise_off_never_makes_a_right_text_worse(pair: tuple[str, str]) -> None:
    true, read = pair
    noisy = f"{long_text(80, seed=1)}\n{read}\n{long_text(80, seed=2)}"
    found = match_body(true, noisy).strict
    assert found.counts.errors <= cer(true, noisy).errors or found.skipped


def test_empty_texts() -> None:
    assert match_body("", "").strict.counts.rate is None
    assert match_body(BODY, "").strict.counts.deletions == len(" ".join(BODY.split()))
    assert match_body("", HEAD).strict.counts.errors in (0, len(" ".join(HEAD.split())))
