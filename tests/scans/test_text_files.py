"""Raw text loads to the letter, in whatever character set it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.config import InputSettings
from pipeline.errors import ConfigError, InputTooLargeError, InputUnreadableError
from pipeline.scans import LoadedPage, open_scan
from pipeline.scans.charsets import ONE_BYTE, detect

SETTINGS = InputSettings()
ALL = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *ONE_BYTE)

# Sentences of our own, in the tone of the documents.
SENTENCES = (
    "Прошу сообщить о прибытии эшелона с оборудованием не позднее среды.",
    "Посол посетил министра и вручил ему ответ на ноту от 12 марта.",
    "Копию настоящей телеграммы направить товарищу Иванову для сведения.",
    "Переговоры о поставке зерна будут продолжены в пятницу, в 16 час. 40 мин.",
    "По нашему мнению, условия договора для обеих сторон приемлемы.",
    "Груз отправлен пароходом из Одессы; накладные № 812 и № 813 прилагаются.",
)
LINES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6)


def pages_of(data: bytes, settings: InputSettings = SETTINGS) -> list[LoadedPage]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(data)
        with open_scan(path, settings) as scan:
            return [scan.load(number) for number in range(1, scan.page_count + 1)]


def text_of(data: bytes, settings: InputSettings = SETTINGS) -> str | None:
    (page,) = pages_of(data, settings)
    assert page.pixels is None
    return page.text


@pytest.mark.parametrize("encoding", ALL)
@given(lines=LINES, capitals=st.booleans())
def test_the_character_set_is_told(encoding: str, lines: list[str], capitals: bool) -> None:
    text = "\n".join(lines).upper() if capitals else "\n".join(lines)
    data = text.encode(encoding, "ignore")  # KOI8-R has no №
    expected = data.decode(encoding)
    (page,) = pages_of(data)
    assert page.text == expected
    # Capitals stand at the same places in cp866 and in Mac Cyrillic.
    assert page.scan.encoding == encoding or (capitals and encoding == "mac-cyrillic")
    assert page.scan.encoding is not None
    assert data.decode(page.scan.encoding) == expected


@pytest.mark.parametrize("encoding", ONE_BYTE)
@pytest.mark.parametrize("capitals", [False, True])
def test_words_of_twenty_signs_are_enough(encoding: str, capitals: bool) -> None:
    for sentence in SENTENCES:
        for start in range(0, len(sentence) - 20, 5):
            text = sentence[start : start + 20]
            data = (text.upper() if capitals else text).encode(encoding, "ignore")
            found = detect(data)
            assert found is not None
            assert data.decode(found) == data.decode(encoding), sentence


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
@example(text="\xa0" * 18 + "¡¥")
@example(text="\xa0" * 17 + "Æ×Þ")
@example(text="¡" * 20)
def test_any_utf8_with_a_mark_is_kept(text: str) -> None:
    assert text_of(b"\xef\xbb\xbf" + text.encode()) == text.removeprefix("\ufeff")


@given(data=st.binary(min_size=1, max_size=200))
def test_any_bytes_give_text_or_our_error(data: bytes) -> None:
    try:
        pages = pages_of(data)
    except InputUnreadableError:
        return
    assert all(page.text is not None and "\0" not in page.text for page in pages)


def test_layout_is_kept_and_line_ends_are_one_kind() -> None:
    assert text_of(b"\t>\t N  1\r\n\r\n  Pekin \rend\n") == "\t>\t N  1\n\n  Pekin \nend\n"


def test_a_form_feed_ends_a_page() -> None:
    pages = pages_of("первая\n\fвторая\n\f\fчетвёртая\n\f\n".encode())
    assert [page.text for page in pages] == ["первая\n", "вторая\n", "", "четвёртая\n"]
    assert [page.number for page in pages] == [page.scan.page for page in pages] == [1, 2, 3, 4]


def test_white_space_alone_is_a_page_without_text() -> None:
    assert text_of(b" \n\n") == " \n\n"


def test_the_end_mark_of_dos_is_no_text() -> None:
    assert text_of("Пекин, 14 мая.\r\n\x1a".encode("cp866")) == "Пекин, 14 мая.\n"


def test_a_stray_control_sign_is_kept() -> None:
    text = "Договор о дружбе, союзе и вза\x02имопомощи. " * 10
    assert text_of(text.encode()) == text


def test_the_setting_wins() -> None:
    data = "Пекин".encode("koi8-r")
    assert text_of(data, InputSettings(encoding="cp1251")) == data.decode("cp1251")
    (page,) = pages_of(data, InputSettings(encoding="KOI8-R"))
    assert page.scan.encoding == "koi8-r"


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13"])
def test_a_setting_that_is_no_character_set(name: str) -> None:
    with pytest.raises(ConfigError, match=r"input\.encoding"):
        pages_of(b"text", InputSettings(encoding=name))


def test_a_setting_that_does_not_fit_names_the_byte() -> None:
    with pytest.raises(InputUnreadableError, match="byte 4 is not utf-8"):
        pages_of(b"text\xff\xfe", InputSettings(encoding="utf-8"))


def test_damaged_utf8_is_not_read_as_something_else() -> None:
    data = SENTENCES[0].encode()
    with pytest.raises(InputUnreadableError, match=r"byte 3[01] is not utf-8"):
        pages_of(data[:31] + b"\xff" + data[31:])


def test_a_text_over_the_limit() -> None:
    with pytest.raises(InputTooLargeError, match=r"input\.max_text_bytes"):
        pages_of(b"x" * 11, InputSettings(max_text_bytes=10))


def test_an_unknown_suffix_is_read_as_the_text_it_is(tmp_path: Path) -> None:
    path = tmp_path / "telegram.ocr"
    path.write_text(SENTENCES[0], encoding="utf-8")
    with open_scan(path, SETTINGS) as scan:
        assert scan.load(1).text == SENTENCES[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{\\rtf1\\ansi \\'cf\\'f0\\'e8}", "is RTF"),
        (b"=CF=EE=F1=EE=EB =F1=EE=EE=E1=F9=E8=EB\n" * 9, "quoted-printable"),
        ("Посол сообщил.\n".encode() * 2 + "Посол сообщил.\n".encode("cp1251") * 2, "line 3"),
    ],
)
def test_what_is_no_plain_text_is_named(data: bytes, said: str) -> None:
    with pytest.raises(InputUnreadableError, match=said):
        pages_of(data)
