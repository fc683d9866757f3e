"""One person with two cards: noticed when a card is created, merged, and separated again."""

import re

import pytest
from playwright.sync_api import expect

from commands.people import patient as patient_commands
from tests.browser.clinic import KUZNETSOVA, MANAGER, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room


@pytest.mark.spec("PAT-6")
def test_a_new_card_says_who_it_may_be_and_hinders_nobody(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    page.get_by_role("button", name="Новый пациент").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Фамилия").fill("Павлова")
    window.get_by_label("Телефон").fill("8 913 555-01-01")
    hint = window.get_by_role("alert").filter(has_text="Возможно, это")
    expect(hint.get_by_role("link", name=KUZNETSOVA)).to_have_attribute("href", f"/patients/{clinic.ids[KUZNETSOVA]}")
    window.get_by_role("button", name="Создать карту").click()
    expect(page.get_by_role("heading", level=1, name="Павлова")).to_be_visible()


@pytest.mark.spec("PAT-6")
def test_a_booking_takes_the_patient_who_is_known_already(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, f"/calendar?date={clinic.day(2)}")
    page.get_by_role("button", name="Записать", exact=True).click()
    window = page.get_by_role("dialog")
    window.get_by_label("Пациент", exact=True).fill("89135550202")
    page.get_by_role("option", name=re.compile("^Новый пациент")).click()
    window.get_by_role("button", name=MOROZOV).click()
    expect(window.get_by_text("+7 913 555-02-02")).to_be_visible()
    expect(window.get_by_label("Фамилия")).to_have_count(0)


@pytest.mark.spec("PAT-6")
def test_two_cards_become_one_with_the_visits_of_both_and_are_separated_again(room: Room, clinic: Clinic) -> None:
    twin = {
        "family_name": "Морозов",
        "given_name": "Ваня",
        "phone": "9135550202",
        "email": "vanya@mail.ru",
        "comment": "Аллергия на лидокаин. " * 20,
    }
    other = patient_commands.create_card(clinic.denta.clinic, clinic.by(RECEPTIONIST), twin).id
    clinic.ids["Морозов Ваня"] = other
    number = clinic.book("Морозов Ваня", ORLOVA, clinic.day(3), "17:00", "17:20")
    page = room.seat(MANAGER, f"/patients/{clinic.ids[MOROZOV]}")
    page.get_by_role("button", name="Объединить…").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Пациент", exact=True).fill("Морозов")
    found = page.get_by_role("option")
    expect(found).to_have_count(1)  # not the card itself
    expect(found).to_contain_text("Морозов Ваня")
    found.click()
    expect(window.get_by_role("radio", name=MOROZOV)).to_be_checked()
    differing = window.get_by_role("table")
    own, merged = (differing.get_by_role("columnheader").nth(at).bounding_box() for at in (1, 2))
    assert own is not None
    assert merged is not None
    assert abs(own["width"] - merged["width"]) < 2  # a long comment leaves room for what stands beside it
    expect(differing.get_by_role("rowheader")).to_contain_text(["Имя", "E-mail", "Комментарий"])
    expect(differing.get_by_role("radio", name=re.compile("^E-mail: Карта"), checked=True)).to_have_count(1)
    expect(differing.get_by_text("vanya@mail.ru")).to_be_visible()
    window.get_by_role("button", name="Объединить", exact=True).click()
    expect(page.get_by_text("К этой карте присоединены")).to_be_visible()
    expect(page.get_by_role("region", name="Предстоящие визиты").get_by_text(f"№ {number}")).to_be_visible()
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("vanya@mail.ru")
    expect(page.get_by_label("Комментарий", exact=True)).to_have_value(re.compile("Аллергия"))

    page.get_by_role("link", name="Морозов Ваня").click()
    expect(page.get_by_text("Карта объединена с другой")).to_be_visible()
    expect(page.get_by_label("Город")).to_be_disabled()
    expect(page.get_by_role("link", name="Записать на приём")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Разъединить")).click()
    expect(page.get_by_text("Карта объединена с другой")).to_have_count(0)
    expect(page.get_by_role("region", name="Предстоящие визиты").get_by_text(f"№ {number}")).to_be_visible()
