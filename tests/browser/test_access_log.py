"""Who looked at whose data, as the auditor asks it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.clinic import AUDITOR, KUZNETSOVA, MANAGER, RECEPTIONIST, Clinic
from tests.browser.desk import Room


@pytest.mark.spec("SEC-6", "AUD-1")
def test_an_opened_card_and_an_exported_list_are_seen_by_the_auditor(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[KUZNETSOVA]}")
    expect(page.get_by_role("heading", level=1, name=KUZNETSOVA)).to_be_visible()
    page.goto("/patients")
    with page.expect_download():
        page.get_by_role("button", name="Выгрузить").click()
    staff = room.seat(MANAGER, "/employees")
    with staff.expect_download():
        staff.get_by_role("button", name="Выгрузить").click()

    auditor = room.seat(AUDITOR, "/journal")
    auditor.get_by_text("Просмотры", exact=True).click()
    looks = auditor.get_by_role("table", name="Просмотры")
    exported = looks.get_by_role("row").filter(has_text="Выгрузка")
    expect(exported.filter(has_text="Пациенты")).to_contain_text("Савельева")
    expect(exported.filter(has_text="Сотрудники")).to_contain_text(MANAGER)
    auditor.get_by_role("searchbox", name="Пациент или номер карты").fill("кузнецова")
    expect(auditor).to_have_url(re.compile("q="))
    expect(looks.get_by_role("row").filter(has_text="Выгрузка")).to_have_count(0)
    row = looks.get_by_role("row").filter(has_text=KUZNETSOVA)
    for says in (RECEPTIONIST, "127.0.0.1", "Просмотр", "Карта пациента"):
        expect(row).to_contain_text(says)
    auditor.get_by_role("button", name="Сбросить").click()
    expect(auditor).to_have_url(re.compile("/journal/viewings$"))
    expect(exported.first).to_be_visible()


@pytest.mark.spec("UI-1", "AUD-1")
def test_the_journal_fits_a_tablet_beside_an_open_menu_or_scrolls_in_a_frame_that_takes_the_keyboard(room: Room) -> None:
    page = room.seat(AUDITOR, "/journal", width=1024)
    page.get_by_role("button", name="Развернуть меню").click()
    journal = page.get_by_role("region", name="Журнал действий")
    expect(journal.get_by_role("columnheader", name="Информация")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Столбцы").click()
    for name in ("№", "Вид действия", "Объект"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.keyboard.press("Escape")
    last = journal.get_by_role("columnheader", name="Информация")
    expect(last).not_to_be_in_viewport(ratio=1)
    journal.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(last).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Свернуть меню").click()
    expect(journal.get_by_role("columnheader", name="№")).to_be_in_viewport(ratio=1)
    expect(last).to_be_in_viewport(ratio=1)


@pytest.mark.spec("ACL-1", "AUD-3")
def test_no_link_of_the_auditor_ends_in_a_refusal(room: Room, clinic: Clinic) -> None:
    page = room.seat(AUDITOR, f"/history/patient/{clinic.ids[KUZNETSOVA]}")
    expect(page.get_by_role("heading", level=1, name=re.compile(KUZNETSOVA))).to_be_visible()
    expect(page.get_by_role("link", name="Открыть карточку")).to_have_count(0)

    manager = room.seat(MANAGER, f"/history/patient/{clinic.ids[KUZNETSOVA]}")
    manager.get_by_role("link", name="Открыть карточку").click()
    expect(manager.get_by_role("heading", level=1, name=KUZNETSOVA)).to_be_visible()
