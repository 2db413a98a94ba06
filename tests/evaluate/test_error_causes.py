"""The causes always add up to the total, and each fault lands in its own cause."""

from __future__ import annotations

import time

import pytest
from corruptions import any_pair, corrupted
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.error_causes import ErrorCauses, error_causes
from pipeline.evaluate.metrics import cer
from pipeline.text import Level

A = "Далее товарищ Мао Цзе-дун указал, что он сообщил корейским товарищам о возможности."
B = "Он согласен с оценкой обстановки в Северной и Южной Корее, а также с их оценкой."
C = "Посетил его вечером и вручил Вашу телеграмму, за которую он поблагодарил."
TABLE = ">\tN\t: 6\ti-r\t1\tБу\tЛІ\tra\tH\t4H\ty возвращению получи снятие копий воспрещается"


def text(*lines: str) -> str:
    return "\n".join(lines)


@settings(max_examples=300)
@given(any_pair, st.sampled_from(Level))
def test_the_causes_add_up(pair: tuple[str, str], level: Level) -> None:
    split = error_causes(*pair, level)
    counts = cer(*pair, level)
    assert split.errors == counts.errors
    assert split.length == counts.length
    assert min(split.recognition, split.kept_noise, split.lost_body, split.order) >= 0


@given(corrupted())
def test_what_is_only_inserted_is_never_lost(pair: tuple[str, str]) -> None:
    true, _ = pair
    split = error_causes(true, true + "\n" + TABLE)
    assert (split.lost_body, split.order) == (0, 0)


@pytest.mark.parametrize(
    ("true", "read", "cause"),
    [
        (text(A, B), text(A, TABLE, B), "kept_noise"),
        (text(A, B), text(TABLE, A, B), "kept_noise"),
        ("", TABLE, "kept_noise"),
        (text(A, B, C), text(A, C), "lost_body"),
        (text(A, B, C), text(A, B), "lost_body"),
        (A, "", "lost_body"),
        (A, A.replace("а", "о"), "recognition"),
        (A, A.replace("т", "г").replace("и", "н").replace("а", "о"), "recognition"),
        (A, A.replace(" ", ""), "recognition"),
        (text(A, B), text(B, A), "order"),
        (text(A, B, C), text(C, A, B), "order"),
    ],
)
def test_each_fault_has_its_cause(true: str, read: str, cause: str) -> None:
    split = error_causes(true, read)
    assert split.errors > 0
    assert getattr(split, cause) >= 0.95 * split.errors


def test_body_replaced_by_noise_counts_as_lost() -> None:
    split = error_causes(text(A, B, C), text(A, TABLE, C))
    assert split.lost_body > 50
    assert split.recognition == split.order == 0


def test_two_faults_at_once() -> None:
    split = error_causes(text(A, B), text(TABLE, A.replace("ш", "щ"), B.replace("ц", "п")))
    assert split == ErrorCauses(
        recognition=A.count("ш") + B.count("ц"),
        kept_noise=len(TABLE) + 1,
        length=len(A) + len(B) + 1,
    )


def test_equal_texts_have_no_errors() -> None:
    assert error_causes(A, A) == ErrorCauses(length=len(A))


@pytest.mark.parametrize("read", ["тов. " * 4000, "а" * 20_000])
def test_nonsense_takes_no_time(read: str) -> None:
    started = time.perf_counter()
    split = error_causes("Мао " * 4000, read)
    assert split.errors > 0
    assert time.perf_counter() - started < 10
