"""The corrector of other engines' text: channel, word search, decisions, languages."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleanup import clean
from pipeline.cleanup.channel import TYPICAL, Channel
from pipeline.cleanup.conventions import invisible, line_end_hyphen
from pipeline.cleanup.correct import corrections
from pipeline.cleanup.misreadings import misreadings
from pipeline.cleanup.raw_text import RawText
from pipeline.cleanup.slots import is_clean, misread_around, rate_of, slots_of
from pipeline.cleanup.word_search import Search
from pipeline.config import CleanupSettings
from pipeline.languages import Language, language_of, languages_of
from pipeline.layout.text import text_lines
from pipeline.model import GUESSES, Edit, Layer, apply_edits
from pipeline.resources import fitted
from pipeline.transcript import JOIN_HYPHEN
from pipeline.word_trie import Case, WordTrie, packed

PAGE = """В этих целях посольство передало своей стране, что никто из находящихся
на Украине не пострадал. Некоторые корреспонденты посетили аэропорты и
киевский вокзал, где опрашивали пассажиров и членов экипажей самолетов.
"""


SEARCH = Search(Channel(fitted.confusions(), TYPICAL), WordTrie.load(), 0.7)


def edits_of(raws: list[str], sure_at: float) -> list[list[Edit]]:
    return corrections(RawText([raws]), sure_at)[0][0]


def cleaned(text: str) -> str:
    lines = clean(text_lines(text, 1), CleanupSettings())
    return "\n".join(line.text_in(Layer.DIPLOMATIC) for line in lines)


def small_trie(tmp_path: Path, words: dict[str, float]) -> WordTrie:
    path = tmp_path / "words.npz"
    path.write_bytes(packed({word: (log_prob, Case.SMALL) for word, log_prob in words.items()}))
    return WordTrie.load(path)


def test_the_tree_knows_its_words_and_no_others(tmp_path: Path) -> None:
    words = {"дом": -3.0, "дома": -4.0, "дым": -5.0, "а": -1.0}
    trie = small_trie(tmp_path, words)
    for word, log_prob in words.items():
        assert trie.log_prob(word) == pytest.approx(log_prob, abs=0.05)
    for word in ("до", "домам", "", "dom", "ды"):
        assert trie.log_prob(word) == -math.inf
    assert trie.best[0] == pytest.approx(-1.0, abs=0.05)


def test_a_raised_word_changes_no_other_tree(tmp_path: Path) -> None:
    trie = small_trie(tmp_path, {"дом": -9.0, "дым": -5.0})
    raised = trie.raised({"дом": -2.0, "неслово": -1.0})
    assert raised.log_prob("дом") == pytest.approx(-2.0, abs=0.05)
    assert trie.log_prob("дом") == pytest.approx(-9.0, abs=0.05)
    assert raised.best[0] == pytest.approx(-2.0, abs=0.05)


def test_the_search_finds_a_word_through_the_channel(tmp_path: Path) -> None:
    trie = small_trie(tmp_path, {"политбюро": -9.0, "ли": -4.0})
    channel = Channel({("JI", "л"): 0.01}, TYPICAL)
    best = Search(channel, trie, 0.5).candidates(["поJIитбюро,"], 3)["поJIитбюро,"][0]
    assert best.text == "политбюро,"
    assert (2, 4, "л") in best.steps
    assert best.channel < 0


@given(st.text(alphabet="абвноJIl1~.,:- ", max_size=14))
def test_steps_of_a_candidate_cover_what_was_read(read: str) -> None:
    for found in SEARCH.candidates([read], 4)[read]:
        assert "".join(step[2] for step in found.steps) == found.text
        ends = [0, *(end for _, end, _ in found.steps)]
        assert [start for start, _, _ in found.steps] == ends[:-1]
        assert ends[-1] == len(read)


@pytest.mark.parametrize(
    ("before", "read", "true"),
    [
        ("органов", "госбезоnасности", "госбезопасности"),
        ("о", "поJIитике", "политике"),
        ("собрать", "по,цробную", "подробную"),
        ("членов", "зкиnажей", "экипажей"),
        ("много", "радио~ктивных", "радиоактивных"),
    ],
)
def test_misread_words_are_mended(before: str, read: str, true: str) -> None:
    # One misread word in a clean text may be a strange one: where some are, all may be.
    soiled = PAGE + "Но ~енты корреспоiiденты rазет"
    text = cleaned(f"{soiled}\nи {before} {read} здесь")
    assert text.endswith(f"\nи {before} {true} здесь")


@pytest.mark.parametrize("word", ["Штыхов", "ШТЫНОВ", "Хен-ен", "1941-1945", "ПН-15", "т[о]"])
def test_names_and_figures_stay(word: str) -> None:
    text = PAGE + f"сообщил о {word} и других"
    assert cleaned(text) == text


def test_a_word_broken_at_a_lines_end_is_mended_on_both_lines() -> None:
    raws = [*PAGE.splitlines(), "они прибыли на кор-", "респонnенцию и ушли"]
    edits = edits_of(raws, 0.3)
    assert [apply_edits(raw, found) for raw, found in zip(raws, edits, strict=True)][-1] == (
        "респонденцию и ушли"
    )


@given(st.lists(st.text(alphabet="абвгдеJI~,. \t-­", max_size=30), max_size=4))
def test_edits_fit_their_lines(raws: list[str]) -> None:
    for raw, edits in zip(raws, edits_of(raws, 0.0), strict=True):
        apply_edits(raw, edits)


def test_what_is_hardly_legible_stays() -> None:
    text = "нпнстр сосбщпл мзе\nбдръбч ннпл жптори вынзл ирсм"
    assert not any(edits_of(text.split("\n"), 0.0))


def test_a_clean_document_has_a_low_rate() -> None:
    assert rate_of(slots_of((PAGE * 40).splitlines())) < 0.003
    assert rate_of(slots_of(["поJIитике зкиnажей rрупnы"] * 20)) > 0.05


@pytest.mark.parametrize(
    "read",
    ["слово,", "«Правда»", "1941-1945", "т.Сталину", "по‑русски", "„Правда“", "бо\u0301льшим"],
)
def test_what_is_typed_is_clean(read: str) -> None:
    assert is_clean(read)


def test_pieces_are_searched_the_same_side_by_side() -> None:
    reads = ["поJIитике", "rрупnы,", "а", "по~ц.с тым", "зкиnажей-"]
    together = SEARCH.candidates(reads, 4)
    assert together == {read: SEARCH.candidates([read], 4)[read] for read in reads}


def test_edited_prose_is_no_misread_text() -> None:
    prose = (PAGE * 4 + "Хольтц и Уокер ждали в Эйндховене.\n").splitlines() * 4
    assert not any(misread_around(prose))
    assert all(misread_around([*prose[:8], "· ~ JI-IIIй .· :и:", *prose[:8]]))


def test_capitals_of_an_engine_that_reads_small_letters_so() -> None:
    odd = PAGE + "обслуЖИвания насеЛЕния в райоНе, он видел ИХ вчера. О ГОСТАХ НЕ сказано"
    assert "видел их вчера" in cleaned(odd)
    assert "ГОСТАХ НЕ сказано" in cleaned(odd)
    assert "видел ИХ вчера" in cleaned(PAGE + "он видел ИХ вчера")


@pytest.mark.parametrize(("above", "below"), [("корреспов:-", "денты"), ("Доброво~-\\", "лец")])
def test_marks_at_a_broken_words_hyphen(above: str, below: str) -> None:
    slots = slots_of([f"прибыли {above}", f"{below} ушли"])
    assert [slot.read for slot in slots][1].endswith(f"\n{below}")
    assert len(slots_of(["он слово:-", "дело ушли"])) == 4


def test_edited_prose_keeps_rare_words_and_old_spellings() -> None:
    rare = "Это будущаго, тутъ и всякаго, пегонькой и монотоном, сантиментально."
    assert not misreadings(rare, strict=True)
    assert misreadings("Далее товарищ уназал на это", strict=True)


def test_what_stays_unmended_is_guessed() -> None:
    lines = clean(text_lines(PAGE + "сообщил о ~ернобwрьск и дaшш:м делах", 1), CleanupSettings())
    guesses = [x for line in lines for x in line.alternatives if x.reader == GUESSES]
    assert guesses
    for reading in guesses:
        raw = "".join(word.gap + (word.other or "") for word in reading.words) + reading.tail
        assert raw in {line.raw for line in lines}


def test_long_runs_without_a_space_end() -> None:
    started = time.process_time()
    edits_of(["аJI" * 20_000, "JI а " * 60], 0.5)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("ПРОДОЛ-", "ЖЕНЫ", "ПРОДОЛЖЕНЫ"),
        ("Нью-", "Йорк", "Нью-Йорк"),
        ("в 1941-", "1945 гг.", "в 1941-1945 гг."),
        ("12-", "ю армию", "12-ю армию"),
        ("Нет-", "нет", "Нет-нет"),
        ("по-", "отечески", "по-отечески"),
        ("хозяй­", "ства", "хозяйства"),
        ("до¬", "говор", "договор"),
        ("до‐", "говор", "договор"),
        ("до–", "говор", "договор"),
        ("хозяй-", "ства", "хозяйства"),
        ("слово -", "слово", None),
        ("завод-", "Москва", None),
    ],
)
def test_line_end_hyphens(above: str, below: str, joined: str | None) -> None:
    edits = line_end_hyphen(above, below)
    if joined is None:
        assert not edits
        return
    assert edits[0].rule == JOIN_HYPHEN
    assert apply_edits(above, edits) + below == joined


def test_signs_without_ink_go() -> None:
    raw = "вече\u200bром \ufeffпремьер го­тов"
    assert apply_edits(raw, invisible(raw)) == "вечером премьер готов"
    assert invisible("хозяй­") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Сообщаем, что вчера переговоры были закончены.", Language.RUSSIAN),
        ("Прошлаго года судъ призналъ его права и нынѣ всѣ бумаги", Language.OLD_RUSSIAN),
        ("Секретар доповів про стан роботи колгоспів, які були в районі", Language.UKRAINIAN),
        ("Сакратар паведаміў аб рабоце калгасаў, якія былі ў раёне", Language.BELARUSIAN),
        ("Това е решението, което беше прието след заседанието", Language.BULGARIAN),
        (
            "и азъ съмъ благодарна, че този ми сннъ, тъй сжщо както и другите, можа ы",
            Language.BULGARIAN,
        ),
        ("Това отношение които тпя презъ деяь се сра жава за нейната сво бода", Language.BULGARIAN),
        ("Он сказал, что се не так, как ще, и они были правы", Language.RUSSIAN),
        ("The minister said that the talks had ended", Language.LATIN),
        ("обеЈІужиВания населения в районе, где ЈІюди ждут помощи", Language.RUSSIAN),
    ],
)
def test_languages(text: str, language: Language) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    "text",
    [
        "Прошлаго года судъ призналъ его права, и нынѣ всѣ бумаги отосланы въ Сенатъ.",
        "Голова сільради повідомив, що в районі працює комісія, які були на селі.",
        "Старшыня паведаміў, што ў раёне працуе камісія, якія былі на вёсцы.",
        "Той каза, че това решение, което беше взето, ще бъде изпълнено след време.",
    ],
)
def test_other_languages_are_left_and_named(text: str) -> None:
    line = clean(text_lines(text, 1), CleanupSettings())[0]
    assert line.text == text
    assert any(reason.rule == "language" for reason in line.reasons)


def test_a_paragraph_that_does_not_tell_is_in_the_language_of_its_text() -> None:
    bulgarian = "Той каза, че това решение, което беше взето, ще бъде изпълнено след време."
    russian = "Он сказал, что решение, которое было принято, будет исполнено."
    quoted = [
        bulgarian + bulgarian,
        "отговор на безтактното съобщение за прането",
        russian,
        "едно време",
    ]
    found = languages_of(quoted)
    assert found == [Language.BULGARIAN, Language.BULGARIAN, Language.RUSSIAN, Language.BULGARIAN]


@pytest.mark.parametrize(
    ("read", "true"),
    [
        ("COBET HAPOДHЫX KOMИCCAPOB COЮ3A CCP", "СОВЕТ НАРОДНЫХ КОМИССАРОВ СОЮЗА ССР"),
        ("CEKPETAPЬ ЦK BKП(б) CTAЛИH", "СЕКРЕТАРЬ ЦК ВКП(б) СТАЛИН"),
        ("Пo ero cлoвaм, дoгoвop пoдпиcaн вчepa", "По его словам, договор подписан вчера"),
        ("Пo cлoвaм дoгoвop пoдпиcaн вчepa вeчepoм", "По словам договор подписан вчера вечером"),
    ],
)
def test_the_more_look_alikes_the_surer(read: str, true: str) -> None:
    assert cleaned(read) == true


def test_each_edit_says_how_likely_it_is() -> None:
    lines = clean(text_lines(PAGE + "сообщил о поJIитике", 1), CleanupSettings())
    edits: list[Edit] = [edit for line in lines for edit in line.edits]
    found = [edit for edit in edits if edit.rule == "corrector"]
    assert found
    assert all(float(edit.evidence.split()[0]) >= CleanupSettings().sure_at for edit in found)
