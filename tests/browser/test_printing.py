"""What comes out of a printer: all of the page, on as many sheets as it takes, nothing for hands; and it is noted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import AUDITOR, EGOROV, KUZNETSOVA, MANAGER, MELNIK, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room

LINES = """cell => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return Math.round(text.getBoundingClientRect().height / parseFloat(getComputedStyle(cell).lineHeight));
}"""
"""How many lines a cell's text takes."""
SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")


def on_paper(page: Page) -> None:
    """The page as it is laid out for paper, left so."""
    page.set_viewport_size({"width": 703, "height": 1032})  # A4 without its margins
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")


def looks_of(room: Room, way: str) -> list[str]:
    page = room.seat(AUDITOR, "/journal/viewings")
    table = page.get_by_role("table", name="Просмотры")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    return [text for text in table.get_by_role("row").all_inner_texts() if way in text]


@pytest.mark.spec("SEC-6", "CAL-18")
def test_a_day_is_printed_whole_on_as_many_sheets_as_it_takes(room: Room, clinic: Clinic) -> None:
    day, patients = clinic.day(1), (KUZNETSOVA, MOROZOV, EGOROV)
    clinic.save_days(RECEPTIONIST, {(name, day): (("06:00", "23:40"),) for name in (ORLOVA, MELNIK)})
    for number in range(30):
        start, end = (f"{6 + minutes // 60:02}:{minutes % 60:02}" for minutes in (number * 30, number * 30 + 30))
        for doctor in (ORLOVA, MELNIK):
            clinic.book(patients[number % 3], doctor, day, start, end, comment=f"приём {number + 1}")

    page = room.seat(RECEPTIONIST, "/calendar")
    CalendarPage(page).open(day)
    paper = page.pdf(format="A4")
    on_paper(page)

    assert len(SHEET.findall(paper)) >= 2
    for doctor in (ORLOVA, MELNIK):
        rows = page.get_by_role("table", name=re.compile(f"^{doctor}")).get_by_role("row")
        expect(rows).to_have_count(31)
        expect(rows.last).to_be_visible()
        expect(rows.last).to_contain_text("20:30–21:00")
        expect(rows.last).to_contain_text("+7 913 555-03-03")
    for gone in (
        page.get_by_role("navigation"),
        page.get_by_role("region", name=re.compile("^Расписание")),
        page.get_by_role("button"),
    ):
        expect(gone.filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("heading", name=re.compile("^Без врача"))).to_have_count(0)  # nobody is booked there
    heads = rows.first.get_by_role("columnheader").all_inner_texts()
    for column in ("Время", "Телефон", "Состояние"):
        cell = rows.last.get_by_role("cell").nth(heads.index(column))
        assert cell.evaluate(LINES) == 1, f"{column} is broken into lines"
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert any("Визиты" in look and "60 записей" in look for look in looks_of(room, "Печать"))

    journal = room.seat(AUDITOR, "/journal")
    expect(journal.get_by_role("table").get_by_role("row").nth(1)).to_be_visible()
    on_paper(journal)
    expect(journal.get_by_text(re.compile(r"^Здесь страница 1 из \d+\.$"))).to_be_visible()


@pytest.mark.spec("SEC-6", "UI-6")
def test_a_list_is_printed_with_all_its_rows_and_a_card_is_noted_by_its_patient(room: Room, clinic: Clinic) -> None:
    page = room.seat(clinic_manager := "Титова Юлия Максимовна", "/patients")
    comment_box = page.get_by_role("columnheader", name="Комментарий").bounding_box()
    assert comment_box is not None
    assert comment_box["width"] > 250  # an allergy isn't cut while there is room beside it
    page.evaluate("() => { window.print = () => { window.printed = document.querySelectorAll('tbody tr').length; }; }")
    page.get_by_role("button", name="Печать").click()
    page.wait_for_function("() => window.printed >= 3")

    page.goto(f"/patients/{clinic.ids[KUZNETSOVA]}")
    expect(page.get_by_label("Фамилия").first).to_have_value("Кузнецова")
    page.pdf(format="A4")
    (look,) = [look for look in looks_of(room, "Печать") if "Карта пациента" in look]
    assert KUZNETSOVA in look
    assert clinic_manager in look


@pytest.mark.spec("SEC-6")
def test_a_card_on_paper_shows_long_texts_whole_and_no_hints_of_empty_fields(room: Room, clinic: Clinic) -> None:
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(5), "10:00", "10:40")
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[KUZNETSOVA]}")
    comment = page.get_by_label("Комментарий")
    comment.fill("Аллергия на лидокаин\n" + "Звонить после шести. " * 90)  # more than the field shows at once
    comment.blur()
    on_paper(page)

    written = page.get_by_text("Аллергия на лидокаин").filter(visible=True)
    expect(written).to_have_count(1)
    assert written.evaluate(LINES) > 10
    assert written.evaluate("text => text.scrollHeight <= text.clientHeight")
    expect(page.get_by_role("textbox").filter(visible=True)).to_have_count(0)  # nor placeholders, nor arrows
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(comment).to_be_visible()
    expect(page.locator(".paper-text")).to_have_count(0)

    page.goto(f"/visits?q={number}")
    page.get_by_role("link", name=str(number), exact=True).click()
    expect(page.get_by_label("Длительность")).to_have_value("40")
    on_paper(page)
    expect(page.locator(".paper-text").filter(has_text="40 мин")).to_be_visible()


@pytest.mark.spec("VIS-7", "CAL-18")
def test_a_paper_opens_as_a_pdf_in_a_tab_of_its_own(room: Room, clinic: Clinic) -> None:
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(6), "10:00", "10:40")
    page = room.seat(RECEPTIONIST, f"/visits?q={number}")
    page.get_by_role("link", name=str(number), exact=True).click()
    page.get_by_role("button", name="Печать").press("Enter")
    item = page.get_by_role("menuitem", name="Памятка о записи")
    expect(item).to_have_attribute("target", "_blank")
    with page.context.expect_event("response", lambda answer: "/papers/slip" in answer.url) as answered:
        item.press("Enter")
    assert (answered.value.status, answered.value.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.spec("AUD-1", "UI-6")
@pytest.mark.parametrize(("address", "title"), [("/journal", "Журнал действий"), ("/visits", "Визиты")])
def test_a_table_on_paper_is_no_wider_than_the_sheet_and_names_its_columns_on_each(
    room: Room, clinic: Clinic, address: str, title: str
) -> None:
    if address == "/visits":
        clinic.book(MOROZOV, ORLOVA, clinic.day(2), "10:00", "10:40")
    page = room.seat("Титова Юлия Максимовна" if address == "/visits" else AUDITOR, address)
    table = page.get_by_role("table", name=title)
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    on_paper(page)
    expect(table.get_by_role("columnheader").first).to_be_visible()
    assert table.evaluate("table => table.getBoundingClientRect().right <= innerWidth")
    expect(table.get_by_role("columnheader").get_by_role("button")).to_have_count(
        0
    )  # their text isn't repeated on a second sheet


@pytest.mark.spec("SCH-1")
def test_hours_on_paper_name_the_days_on_each_sheet(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/hours")
    heads = page.get_by_role("grid").get_by_role("columnheader")
    expect(heads.get_by_role("button").first).to_be_visible()
    on_paper(page)
    expect(heads.get_by_role("button")).to_have_count(0)  # their text isn't repeated on a second sheet
    expect(heads.nth(1)).to_contain_text(re.compile(r"[0-9]+"))
