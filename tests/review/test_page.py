"""The editor's page in a real browser, from the real command."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_samples import ERRORS, Served, serve, write_results
from review_samples import sample, write

from pipeline.cli import main
from pipeline.evaluate.pairs import pair_paths
from pipeline.evaluate.paths import evaluate_pairs, evaluate_paths
from pipeline.report import key_of
from pipeline.review import with_decisions_near
from pipeline.review.web.users import add_user

pytestmark = pytest.mark.browser

BUDGET = 4.0
"""Keys a correction on average, typed letters among them."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(write_results(tmp_path_factory.mktemp("review"))) as found:
        yield found


@pytest.fixture(scope="module")
def session(browser: Any, served: Served) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(served.opening)
    page.wait_for_selector("html[data-ready]")
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(session: Any, served: Served) -> Iterator[Any]:
    """A page that fails the test on any error, dialog, or request elsewhere."""
    page = session.new_page()
    faults: list[str] = []

    def look(request: Any) -> None:
        if not request.url.startswith((served.address, "data:")):
            faults.append(f"request: {request.url}")

    def close(dialog: Any) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("request", look)
    page.on("dialog", close)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and "409" not in message.text
            else None
        ),
    )
    yield page
    page.close()
    assert faults == []


def opened(page: Any, served: Served, name: str) -> None:
    page.goto(f"{served.address}/document/{key_of(name)}")
    page.wait_for_selector("html[data-ready=work]")


class Keys:
    """The keyboard alone, counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.count += len(text)
        self.page.keyboard.type(text)


def saved(page: Any) -> None:
    page.wait_for_selector("#saved[data-how=saved]")
    time.sleep(0.05)
    page.wait_for_selector("#saved[data-how=saved]")


def errors(out: Path, *, revised: bool) -> int:
    revise = with_decisions_near if revised else None
    found = evaluate_pairs(pair_paths(out, out.parent / "truth"), revise=revise)
    (score,) = found.scores
    return score.clean.scores.cer.strict.errors


def in_hand(page: Any) -> str:
    return str(page.locator(".in-hand .inhand").first.inner_text())


def test_twenty_errors_are_corrected_with_the_keyboard_alone(
    page: Any, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    before = errors(served.out, revised=True)
    assert before > 40  # the dropped line is among them
    opened(page, served, "альфа")
    keys = Keys(page)
    for _ in ERRORS:
        good, other = ERRORS[in_hand(page)]
        if good == other:
            keys.press("2")
        else:
            keys.press("e")
            keys.type(good)
            keys.press("Enter")
    saved(page)
    corrections = keys.count
    with capsys.disabled():
        each = corrections / len(ERRORS)
        sys.stdout.write(f"\n{len(ERRORS)} corrections, {corrections} keys: {each:.1f} each\n")
    assert corrections <= BUDGET * len(ERRORS)
    # Sure words that were drawn are right here; then the dropped line comes back, with one key.
    while page.locator(".choice", has_text="drawn at random").count():
        keys.press("Enter")
    lines = page.locator("#panel-transcript [data-line]").count()
    keys.press(*["ArrowDown"] * lines, "d", "Control+Enter")
    saved(page)
    page.wait_for_selector("#page-state .status-looked")
    assert errors(served.out, revised=True) == 0
    assert errors(served.out, revised=False) == before
    folder = served.out.parent
    assert main(["review", str(served.out), "--texts", "--truth", str(folder / "made")]) == 0
    text = (folder / "truth" / "альфа.gt.txt").read_text(encoding="utf-8")
    assert (folder / "made" / "альфа.gt.txt").read_text(encoding="utf-8") == text
    assert (served.out / "альфа" / "diplomatic.txt").read_text(encoding="utf-8") == text
    again = evaluate_paths(served.out, folder / "made")
    assert again.scores[0].clean.scores.cer.strict.errors == before


def test_undo_redo_and_the_next_document(page: Any, served: Served) -> None:
    opened(page, served, "бета")
    first = in_hand(page)
    page.keyboard.press("2")
    saved(page)
    assert in_hand(page) != first
    page.keyboard.press("Control+z")
    page.locator(".in-hand", has_text=first).wait_for()
    page.keyboard.press("Control+Shift+z")
    page.locator(".typed", has_text=first).wait_for(state="detached")
    page.keyboard.press("Control+z")
    saved(page)
    page.keyboard.press("]")
    page.wait_for_url(lambda url: key_of("бета") not in url)


def test_lines_are_parted_joined_noted_and_marked(page: Any, served: Served) -> None:
    opened(page, served, "бета")
    row = page.locator('#panel-transcript [data-line="6"]')
    row.locator('[data-token="1"]').click()
    page.keyboard.press("s")
    page.locator('#panel-transcript [data-line="7"]', has_text="строка текста").wait_for()
    page.keyboard.press("j")
    page.locator('#panel-transcript [data-line="6"]', has_text="Последняя строка").wait_for()
    row.locator('[data-token="2"]').click()
    page.keyboard.press("x")
    row.get_by_text("[нрзб.]").wait_for()
    row.locator('[data-token="0"]').click()
    page.keyboard.press("n")
    page.keyboard.type("так на листе")
    page.keyboard.press("Enter")
    row.locator('.noted[title="так на листе"]').wait_for()
    page.keyboard.press("k")
    page.keyboard.press("2")
    page.locator('#panel-transcript [data-line="6"].heading').wait_for()
    page.keyboard.press("p")
    page.locator('#panel-transcript [data-line="6"]:not(.opens)').wait_for()
    for _ in range(6):
        page.keyboard.press("Control+z")
    saved(page)
    assert row.inner_text() == "Последняя строка текста"


def test_two_editors_on_one_line_see_both_versions(session: Any, page: Any, served: Served) -> None:
    opened(page, served, "бета")
    other = session.new_page()
    opened(other, served, "бета")
    for one, text in ((page, "первый текст"), (other, "второй текст")):
        one.locator('#panel-transcript [data-line="6"]').click()
        one.keyboard.press("Shift+E")
        one.keyboard.type(text)
        one.keyboard.press("Enter")
        if one is page:
            saved(one)
    conflict = other.locator(".conflict")
    conflict.wait_for()
    assert "первый текст" in conflict.inner_text()
    assert "второй текст" in conflict.inner_text()
    other.get_by_role("button", name="Take yours").click()
    other.locator('#panel-transcript [data-line="6"]', has_text="второй текст").wait_for()
    other.close()


def test_what_was_being_typed_is_there_after_the_tab_was_closed(
    session: Any, page: Any, served: Served
) -> None:
    other = session.new_page()
    opened(other, served, "бета")
    other.keyboard.press("e")
    other.keyboard.type("недописан")
    other.close()
    opened(page, served, "бета")
    assert page.locator("#typed").input_value() == "недописан"
    page.keyboard.press("Escape")
    assert page.locator("#typed").count() == 0


def test_mark_up_in_a_document_is_shown_and_does_nothing(page: Any, served: Served) -> None:
    name = "<b>плохой</b>"
    opened(page, served, name)
    assert page.locator("#title").inner_text() == name
    assert "<script>alert(1)</script>" in page.locator("#panel-transcript").inner_text()
    page.keyboard.press("n")
    page.keyboard.type("<script>alert(3)</script>")
    page.keyboard.press("Enter")
    page.keyboard.press("f")
    page.keyboard.type("<img src=x onerror=alert(4)>")
    page.keyboard.press("Enter")
    saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready=work]")
    assert page.locator("script:not([src])").count() == 0
    assert page.locator("#panel-transcript img, #panel-fields img").count() == 0


def test_fields_are_corrected_beside_their_place(page: Any, served: Served) -> None:
    opened(page, served, "альфа")
    page.keyboard.press("f")
    assert page.locator("#panel-fields svg.strip image").count() == 1
    page.keyboard.press("Control+a")
    page.keyboard.type("Пхеньян")
    page.keyboard.press("Enter")
    saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready=work]")
    assert page.locator("#panel-fields input").first.input_value() == "Пхеньян"


def test_the_list_filters_and_searches_in_all_forms(page: Any, served: Served) -> None:
    page.goto(served.address)
    page.wait_for_selector("html[data-ready=list]")
    page.locator("[name=text]").fill("делегации Пекину")
    page.locator("#found li a", has_text="альфа").wait_for()
    page.locator("[name=text]").fill("")
    page.locator("[name=status]").select_option("problem")
    page.locator("#count", has_text="0 of 4").wait_for()


def test_of_facing_sheets_each_page_shows_its_half(page: Any, served: Served) -> None:
    opened(page, served, "разворот")
    sheets = page.locator("#scan .sheet")
    assert sheets.count() == 2
    for number in range(2):
        sheet = sheets.nth(number)
        place = sheet.bounding_box()
        # The picture is as wide as two sheets, and only the half is seen; boxes are within it.
        picture = sheet.locator("img").bounding_box()
        assert picture["width"] > 1.6 * place["width"]
        for box in sheet.locator("rect.box").all():
            seen = box.bounding_box()
            assert place["x"] <= seen["x"] + 1
            assert seen["x"] + seen["width"] <= place["x"] + place["width"] + 1
    # A line's place on the sheet is its place on the picture.
    line = sheets.nth(1).locator("rect.box").first.bounding_box()
    shown = sheets.nth(1).locator("img").bounding_box()
    assert (line["x"] - shown["x"]) / shown["width"] == pytest.approx(1100 / 2000, abs=0.01)


def test_the_browsers_language_until_another_is_chosen(
    browser: Any, session: Any, served: Served
) -> None:
    context = browser.new_context(locale="ru-RU", storage_state=session.storage_state())
    page = context.new_page()
    page.goto(served.address)
    page.wait_for_selector("html[lang=ru][data-ready=list]")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    page.goto(f"{served.address}/document/{key_of('бета')}")
    page.wait_for_selector("html[lang=en][data-ready=work]")
    # The choice is a cookie: it holds at another port, where the page is the next time.
    (kept,) = [x for x in context.cookies() if x["name"] == "depesha-language"]
    assert (kept["value"], kept["path"], kept["sameSite"]) == ("en", "/", "Strict")
    context.close()


def none_is_serious(page: Any, screen: str) -> None:
    """Have axe look at the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    bad = [
        (x["id"], [node["html"][:120] for node in x["nodes"]][:3])
        for x in found
        if x["impact"] in ("serious", "critical")
    ]
    assert bad == [], screen


def test_the_login_page_too(browser: Any, tmp_path: Path) -> None:
    users = tmp_path / "users"
    add_user(users, "anna", "long enough password")
    write(tmp_path / "out", sample())
    with serve(tmp_path / "out", "--users", str(users)) as found:
        page = browser.new_page()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.goto(found.address)
            page.wait_for_selector("html[data-ready=login]")
            none_is_serious(page, f"login, {theme}")
        page.locator("[name=name]").fill("anna")
        page.locator("[name=password]").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        none_is_serious(page, "login refused")
        page.locator("[name=name]").fill("anna")
        page.locator("[name=password]").fill("long enough password")
        page.keyboard.press("Enter")
        page.wait_for_selector("html[data-ready=list]")
        none_is_serious(page, "list of a user who logged in")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_selector("html[data-ready=login]")
        page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_screen_readers(page: Any, served: Served, theme: str) -> None:
    page.emulate_media(color_scheme=theme)

    page.goto(served.address)
    page.wait_for_selector("html[data-ready=list]")
    page.locator("[name=text]").fill("строка")
    page.locator("#found li a").first.wait_for()
    none_is_serious(page, "list")
    opened(page, served, "бета")
    none_is_serious(page, "document")
    page.keyboard.press("e")
    none_is_serious(page, "typing")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Fields").click()
    none_is_serious(page, "fields")
    page.keyboard.press("?")
    none_is_serious(page, "help")


@pytest.mark.parametrize("width", [1366, 800, 400])
def test_no_page_is_wider_than_its_window(page: Any, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    opened(page, served, "альфа")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(served.address)
    page.wait_for_selector("html[data-ready=list]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
