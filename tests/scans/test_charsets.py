"""Character sets: none of these is an answer, and what was saved in the wrong set is put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import InputSettings, Settings
from pipeline.errors import InputUnreadableError
from pipeline.process import process_file
from pipeline.scans import open_scan, undone
from pipeline.scans.charsets import detect

TEXT = (
    "Товарищу МОЛОТОВУ\n\nСообщаем, что ещё вчера вечером премьер заявил о своей готовности\n"
    "подписать новый торговый договор. Наш временный поверенный считает эту линию\nправильной.\n"
)
FOREIGN = {
    "shift_jis": "日本語の文章です。これは文字化けの試験であり、ロシア語ではありません。",
    "gbk": "这是一个中文文本，不是俄文。我们要测试字符集检测，这个文件不能读。",
    "latin-1": "Où était-elle allée? L'été dernier à Genève, où le blé était déjà coupé.",
    "cp1253": "Αυτό είναι ένα ελληνικό κείμενο για δοκιμή του προγράμματος",
}


@pytest.mark.parametrize("encoding", FOREIGN)
def test_none_of_these_is_an_answer(encoding: str) -> None:
    assert detect(FOREIGN[encoding].encode(encoding)) is None


@pytest.mark.parametrize("read", ["cp1251", "latin-1", "koi8-r", "cp866", "mac-cyrillic"])
def test_utf8_that_was_read_as_another_set_is_put_right(read: str) -> None:
    spoilt = TEXT.encode().decode(read, "replace")
    after, mistake = undone(spoilt)
    # What a set lacks is lost for good, but for cp1251, which lacks one byte.
    lacks = read not in ("latin-1", "cp1251") and "\ufffd" in spoilt
    assert lacks or (after == TEXT and mistake == f"UTF-8 read as {read}")


@pytest.mark.parametrize(
    ("true", "read"), [("cp1251", "latin-1"), ("koi8-r", "cp1251"), ("cp866", "cp1251")]
)
def test_one_set_read_as_another_is_put_right(true: str, read: str) -> None:
    after, mistake = undone(TEXT.encode(true).decode(read))
    assert after == TEXT
    assert mistake == f"{true} read as {read}"


def test_lines_that_are_right_stay() -> None:
    spoilt = TEXT + TEXT.encode().decode("latin-1") + "Peut-être déjà\n"
    assert undone(spoilt) == (TEXT + TEXT + "Peut-être déjà\n", "UTF-8 read as latin-1")
    assert undone(TEXT) == (TEXT, "")


def test_a_file_of_two_sets_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_bytes(TEXT.encode() + "РОЩИН ждёт ответа\n".encode("cp1251") + TEXT.encode())
    with pytest.raises(InputUnreadableError, match="is UTF-8, but its line 6 is in cp1251"):
        open_scan(path, InputSettings())


def test_what_was_put_right_is_said(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.txt"
    path.write_bytes(TEXT.encode().decode("cp1251", "replace").encode())
    (page,) = process_file(path, "spoilt", Settings()).pages
    assert [finding.code for finding in page.findings] == ["wrong_charset"]
    assert "договор" in page.lines[2].raw


READ_AS_LATIN = """B pa6ore onHCbIBaiOTCH sapH8HTbi no.aKniOqeHHH nwcrrnesr nma BT-340
K 38M E:::JCM-6 B OC "ily6Ha". ilaeTCSI Kp8TKOe reXHH-'IeCKOe OIIHC8HHe,
npHBO.ilSITCSI 6JIOK-CXeMbl IIOUKJliOqeHHSI flepB"UICneHbl IIOJliTporp8MMbl
"""


def test_russian_read_in_latin_letters_is_beyond_repair(tmp_path: Path) -> None:
    path = tmp_path / "english.txt"
    path.write_text(READ_AS_LATIN * 3, encoding="utf-8")
    (page,) = process_file(path, "english", Settings()).pages
    assert [finding.code for finding in page.findings] == ["beyond_repair"]
    assert not any(line.edits for line in page.lines)


def test_english_is_not_beyond_repair(tmp_path: Path) -> None:
    path = tmp_path / "english.txt"
    path.write_text("The commission closed its talks in the evening with B-52 papers.\n" * 4)
    (page,) = process_file(path, "english", Settings()).pages
    assert "beyond_repair" not in [finding.code for finding in page.findings]


PROSE = "Посол сообщил министру о завершении переговоров в Москве.\n" * 3


def test_a_mistake_that_was_made_twice_is_undone() -> None:
    twice = PROSE
    for _ in range(2):
        twice = twice.encode().decode("cp1251", "replace")
    text, mistake = undone(twice)
    assert mistake == "UTF-8 read as cp1251, twice"
    assert text.count("сообщил министру") == 3


def test_letters_as_numbers_of_html_are_letters() -> None:
    text = "".join(f"&#{ord(c)};" if c > "\x7f" else c for c in PROSE)
    assert undone(text) == (PROSE, "letters kept as numbers of HTML")
    assert undone("Знак &#1055; стоит здесь.")[1] == ""


def test_letters_of_other_languages_are_no_mistake() -> None:
    text = "Илче министрга сөйләшүләрнең тәмамлануын һәм килешүнең имзалануын хәбәр итте.\n"
    assert undone(text) == (text, "")


def test_utf_32_with_its_mark() -> None:
    assert detect(PROSE.encode("utf-32")) == "utf-32"
