"""Noise around the body is cut away; a text of another truth gains nothing by it."""

from __future__ import annotations

from corruptions import corrupted, long_text
from hypothesis import given

from pipeline.evaluate.body import BodyMatch, match_body
from pipeline.evaluate.metrics import ByLevel, cer, compare_layers
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


def found_in(reference: str, hypothesis: str) -> ByLevel[BodyMatch]:
    return match_body(compare_layers(reference, hypothesis, hypothesis))


def test_noise_around_the_body_is_not_counted() -> None:
    read = BODY.replace("ш", "щ").replace("ц", "п")
    for level in Level:
        found = found_in(BODY, HEAD + read + FOOT).at(level)
        assert found.counts == cer(BODY, read, level)
        assert found.skipped > 50
        assert not found.refused


def test_noise_between_the_lines_is_not_counted() -> None:
    first, *rest = BODY.splitlines()
    found = found_in(BODY, "\n".join([first, HEAD, *rest])).strict
    assert found.counts.errors == 0


def test_a_lost_line_is_still_lost() -> None:
    first, second, third = BODY.splitlines()
    found = found_in(BODY, f"{HEAD}{first}\n{third}\n{FOOT}").strict
    assert found.counts.errors == len(second) + 1


def test_a_moved_line_is_not_skipped() -> None:
    first, second, third = BODY.splitlines()
    found = found_in(BODY, f"{second}\n{HEAD}{first}\n{third}\n").strict
    assert found.counts.errors >= len(second)
    assert found.skipped == sum(len(" ".join(row.split())) for row in HEAD.splitlines())


def test_a_wrong_text_cannot_win_by_skipping() -> None:
    for level in Level:
        found = found_in(BODY, OTHER * 4).at(level)
        assert found.refused == 1
        assert found.skipped == 0
        assert found.counts == cer(BODY, OTHER * 4, level)


@given(corrupted())
def test_nothing_to_skip_changes_nothing(pair: tuple[str, str]) -> None:
    true, _ = pair
    assert found_in(true, true).strict.counts == cer(true, true)


@given(corrupted())
def test_cutting_noise_off_never_makes_a_right_text_worse(pair: tuple[str, str]) -> None:
    true, read = pair
    noisy = f"{long_text(80, seed=1)}\n{read}\n{long_text(80, seed=2)}"
    found = found_in(true, noisy).strict
    assert found.counts.errors <= cer(true, noisy).errors or found.skipped


def test_empty_texts() -> None:
    assert found_in("", "").strict.counts.rate is None
    assert found_in(BODY, "").strict.counts.deletions == len(" ".join(BODY.split()))
    assert found_in("", HEAD).strict.counts.errors in (0, len(" ".join(HEAD.split())))
