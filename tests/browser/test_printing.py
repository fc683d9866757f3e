"""What comes out of a printer: all of the page, on as many sheets as it takes, nothing for hands; and it is noted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import AUDITOR, EGOROV, KUZNETSOVA, MELNIK, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room

SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")


def on_paper(page: Page) -> None:
    """The page as it is laid out for paper, left so."""
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
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert any("Визиты" in look and "60 записей" in look for look in looks_of(room, "Печать"))

    journal = room.seat(AUDITOR, "/journal")
    expect(journal.get_by_role("table").get_by_role("row").nth(1)).to_be_visible()
    on_paper(journal)
    expect(journal.get_by_text(re.compile(r"^Здесь страница 1 из \d+\.$"))).to_be_visible()


@pytest.mark.spec("SEC-6", "UI-6")
def test_a_list_is_printed_with_all_its_rows_and_a_card_is_noted_by_its_patient(room: Room, clinic: Clinic) -> None:
    page = room.seat(clinic_manager := "Титова Юлия Максимовна", "/patients")
    page.evaluate("() => { window.print = () => { window.printed = document.querySelectorAll('tbody tr').length; }; }")
    page.get_by_role("button", name="Печать").click()
    page.wait_for_function("() => window.printed >= 3")

    page.goto(f"/patients/{clinic.ids[KUZNETSOVA]}")
    expect(page.get_by_label("Фамилия").first).to_have_value("Кузнецова")
    page.pdf(format="A4")
    (look,) = [look for look in looks_of(room, "Печать") if "Карта пациента" in look]
    assert KUZNETSOVA in look
    assert clinic_manager in look
