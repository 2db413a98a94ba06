"""The report in a real browser, opened from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_samples import NASTY, SCRIPT, write_run

from pipeline.cli import main
from pipeline.report import key_of

pytestmark = pytest.mark.browser

NAMES = (NASTY.replace("/", "∕"), "альфа", "бета", "failed")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("отчёт 'a' & b")
    out, truths = write_run(folder, NAMES)
    other, _ = write_run(folder / "другой", NAMES, wrong=True)
    main(["evaluate", str(out), str(truths)])
    main(["compare", str(other), str(out), "--ground-truth", str(truths)])
    return out / "report" / "evaluation"


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    """A page that fails the test on any error, dialog, or request outside the report."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    inside = report.as_uri()

    def look(request: Any) -> None:
        if not request.url.startswith((inside, "data:")):
            faults.append(f"request: {request.url}")

    def close(dialog: Any) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("request", look)
    page.on("dialog", close)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type != "log" else None,
    )
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    yield page
    context.close()
    assert faults == []


def opened(page: Any, report: Path, name: str = "index.html", place: str = "") -> None:
    page.goto((report / name).as_uri() + (f"#{place}" if place else ""))
    page.wait_for_selector("html[data-ready]")


def names(page: Any) -> list[str]:
    return [x.strip() for x in page.locator("#rows th").all_inner_texts()]


def document_at(page: Any, report: Path, name: str) -> None:
    opened(page, report, "document.html", key_of(name))


def test_the_index_sorts_filters_and_finds(page: Any, report: Path) -> None:
    opened(page, report)
    assert len(names(page)) == 3
    page.get_by_role("button", name="CER", exact=True).click()
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("CER")
    page.get_by_role("button", name="Document").click()
    assert names(page) == ["альфа", "бета", NAMES[0]]
    page.locator('th[aria-sort="ascending"] button').press("Enter")
    assert names(page) == [NAMES[0], "бета", "альфа"]
    page.keyboard.press("/")
    page.keyboard.type("АЛЬФ")
    assert names(page) == ["альфа"]
    assert page.locator("#shown").inner_text() == "1 of 3 documents"
    page.locator("#search").fill("<script>")
    assert names(page) == [NAMES[0]]
    page.locator("#search").fill("")
    page.locator("#filter").select_option("with_loss")
    assert names(page) == []
    page.locator("#filter").select_option("with_unsure")
    assert len(names(page)) == 3


def test_levels_language_and_theme_change(page: Any, report: Path) -> None:
    opened(page, report)
    rate = page.locator(".card .big:visible").first
    reading = rate.inner_text()
    page.get_by_role("button", name="strict", exact=True).click()
    assert rate.inner_text() != reading
    page.locator("#language-button").click()
    assert page.locator("html").get_attribute("lang") == "ru"
    assert "Доля ошибок" in page.locator("main").inner_text()
    assert "," in rate.inner_text()
    said = "the lines above and below it make text likelier"
    found = page.evaluate("(text) => depesha.phrase(text)", said)
    assert found == "судя по соседним строкам, вероятнее текст"
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("#theme-button").click()
    assert page.evaluate(colour) != light
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("html").get_attribute("lang") == "ru"  # remembered


def test_failures_are_named_with_their_cause(page: Any, report: Path) -> None:
    opened(page, report)
    text = page.locator("#failures").inner_text()
    assert f"crashed on {SCRIPT}" in text
    assert "ENGINE_FAILED" in text or "RESULT" in text


def test_a_difference_leads_to_its_place_on_the_scan(page: Any, report: Path) -> None:
    opened(page, report)
    page.get_by_role("link", name="альфа").first.click()
    page.wait_for_selector("html[data-ready=document]")
    assert page.locator("h1").inner_text() == "альфа"
    page.get_by_role("tab", name="Differences").click()
    difference = page.locator("del[data-difference]").first
    assert difference.inner_text() == "л"
    difference.click()
    spot = page.locator("rect.spot").first.bounding_box()
    box = page.locator("rect.box.chosen").bounding_box()
    assert spot is not None
    assert box is not None
    # The 20th of 28 letters: about 70 % along the line's box.
    middle = (spot["x"] + spot["width"] / 2 - box["x"]) / box["width"]
    assert middle == pytest.approx(19.5 / 28, abs=0.03)
    assert box["y"] - 10 <= spot["y"] <= box["y"] + box["height"]
    assert page.locator(".gap").inner_text().endswith("Потерянная строка")
    assert page.url.endswith("/p1-l001")


def test_a_line_tells_all_that_is_known_of_it(page: Any, report: Path) -> None:
    document_at(page, report, "альфа")
    page.locator('rect.box[data-line="3"]').click()
    detail = page.locator("#detail")
    text = detail.inner_text()
    assert "ским друзям о договоре" in text
    assert "unsure" in text
    assert f"because of {SCRIPT}" in text
    assert detail.locator("svg.strip image").count() == 1
    assert detail.locator(".pair").count() == len("ским друзьям о договоре.")
    page.keyboard.press("ArrowUp")
    assert "Line p1-l002" in detail.inner_text()
    assert "- → ∅" in detail.inner_text()
    page.keyboard.press("n")
    assert "Line p1-l001" in detail.inner_text()
    page.keyboard.press("Escape")
    assert detail.is_hidden()


def test_uncertain_words_are_marked(page: Any, report: Path) -> None:
    document_at(page, report, "альфа")
    assert page.locator(".doubt").all_inner_texts() == ["указал,"]
    page.locator("#below").fill("30")
    assert page.locator(".doubt").count() == 0
    page.locator("#below").fill("100")
    assert page.locator(".doubt").count() > 5


def test_dropped_lines_fields_and_figures(page: Any, report: Path) -> None:
    document_at(page, report, NAMES[0])
    assert page.locator("h1").inner_text() == NAMES[0]
    page.get_by_role("tab", name="Dropped lines").click()
    assert SCRIPT in page.locator("#panel-dropped_lines").inner_text()
    assert "Шифртелеграмма" in page.locator("#panel-dropped_lines").inner_text()
    page.keyboard.press("ArrowRight")
    assert "ПЕКИН" in page.locator("#panel-fields").inner_text()
    page.get_by_role("tab", name="Figures").click()
    assert "Perfect lines" in page.locator("#panel-figures").inner_text()


def test_one_goes_from_document_to_document(page: Any, report: Path) -> None:
    document_at(page, report, "альфа")
    assert page.locator("#previous").get_attribute("href") is None
    page.locator("#next").click()
    page.locator("h1", has_text="бета").wait_for()
    page.locator("#previous").click()
    page.locator("h1", has_text="альфа").wait_for()
    assert page.locator("#detail").is_hidden()


def test_an_address_opens_a_line(page: Any, report: Path) -> None:
    opened(page, report, "document.html", f"{key_of('бета')}/p1-l003")
    assert "Line p1-l003" in page.locator("#detail").inner_text()


def test_findings_stand_on_the_page(page: Any, report: Path) -> None:
    document_at(page, report, "альфа")
    assert page.locator("#notices").is_hidden()
    document_at(page, report, "бета")
    page.locator("h1", has_text="бета").wait_for()
    assert f"small {SCRIPT} → scan it again" in page.locator(".finding").inner_text()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "nonsense is not the address of a document"),
        ("", "Choose a document"),
        (f"{key_of('альфа')}/p9-l999", "has no line p9-l999"),
    ],
)
def test_a_wrong_address_says_so(page: Any, report: Path, address: str, says: str) -> None:
    opened(page, report, "document.html", address)
    assert says in page.locator("#message").inner_text()


def test_two_runs_side_by_side(page: Any, report: Path) -> None:
    opened(page, report, "comparison.html")
    assert page.locator("#overview .card.better").first.inner_text().startswith("▼ 1")
    assert page.locator("polygon.mark.better:visible").count() == 1
    page.locator("#filter").select_option("better")
    assert names(page) == [NAMES[0]]
    page.get_by_role("link").get_by_text("alert(1)").first.click()
    page.wait_for_selector("html[data-ready=document]")
    assert page.locator("h1").inner_text() == NAMES[0]


@pytest.mark.parametrize("width", [1400, 800, 400])
@pytest.mark.parametrize("name", ["index.html", "comparison.html", "document.html"])
def test_no_page_is_wider_than_its_window(page: Any, report: Path, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    if name == "document.html":
        document_at(page, report, "альфа")
    else:
        opened(page, report, name)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
