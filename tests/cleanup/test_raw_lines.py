"""Lines of another engine's text, cleaned: hyphens, white space, ligatures, marks beside them."""

from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.languages import Language, language_of
from pipeline.model import Document, Layer, Verdict
from pipeline.process import process_text
from pipeline.transcript import render

BASE = "Министр сообщил послу о завершении работы и о том, что на заседании "
END = " с делегацией из столицы республики.\n"


def document(text: str) -> Document:
    return process_text(text, "x", Settings(), source="x")


def reading(text: str) -> str:
    return render(document(text), Layer.READING, Settings().output.kinds)


@pytest.mark.parametrize("sign", ["~", " =", "_", "--", "'-", " -", ":-", "¬", "\u2012"])
def test_what_engines_make_of_a_hyphen_joins_a_known_word(sign: str) -> None:
    assert reading(f"{BASE}перегово{sign}\nров{END}") == f"{BASE}переговоров{END}"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("договор -\nглава", "договор - глава"),
        ("договор =\nмир", "договор = мир"),
        ("Ростов-\nна-Дону", "Ростов-на-Дону"),
        ("Франкфурт-\nна-Майне", "Франкфурт-на-Майне"),
    ],
)
def test_dashes_between_words_and_names_of_towns_stay(broken: str, whole: str) -> None:
    assert reading(f"{BASE}{broken}{END}") == f"{BASE}{whole}{END}"


def test_white_space_that_sets_a_line_out_is_one_space() -> None:
    text = "Договор\u2009подписан\tв      Москве\u00a0вчера\u3000после переговоров.\n"
    assert reading(text) == " ".join(text.split()) + "\n"
    diplomatic = render(document(text), Layer.DIPLOMATIC, Settings().output.kinds)
    assert "в      Москве" in diplomatic


def test_ligatures_are_letters() -> None:
    assert "office" in reading("The oﬃce of the ambassador was closed in the morning.\n")


def test_a_word_is_joined_over_the_mark_beside_its_line() -> None:
    text = f"{BASE}перегово-      ~·.\nров{END}"
    assert reading(text) == f"{BASE}переговоров{END}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Амбасадор је обавестио министра да су преговори завршени и да ће бити потписан.",
            Language.SERBIAN,
        ),
        (
            "Амбасадорот го извести министерот дека преговорите се завршени и дека ќе биде мир.",
            Language.MACEDONIAN,
        ),
        (
            "Елші министрге келіссөздер аяқталғанын және шарт ертең қол қойылатынын хабарлады.",
            Language.OTHER_CYRILLIC,
        ),
        (
            "Илсе министрға һөйләшеүҙәр тамамланыуы һәм килешеү иртәгә ҡул ҡуйыласағы тураһында.",
            Language.OTHER_CYRILLIC,
        ),
    ],
)
def test_other_languages_in_cyrillic_letters_are_left_as_they_are(
    text: str, language: Language
) -> None:
    assert language_of(text) is language
    assert render(document(text), Layer.DIPLOMATIC, Settings().output.kinds).strip() == text


def test_a_page_in_german_is_no_noise() -> None:
    rows = [
        "Der Botschafter teilte dem Minister mit, daß die Verhandlungen beendet seien",
        "und der Vertrag morgen unterzeichnet werde. Die Delegation ist gestern in Moskau",
        "eingetroffen und wurde am Bahnhof von Mitgliedern der Regierung begrüßt.",
    ]
    assert all(x.verdict is not Verdict.DROP for x in document("\n".join(rows)).lines)
