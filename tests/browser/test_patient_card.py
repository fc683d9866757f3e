"""The patient's card as a receptionist works with it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregates.people.patient import PatientCard
from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import BELOV, EGOROV, KUZNETSOVA, MANAGER, MOROZOV, ORLOVA, RECEPTIONIST, Clinic
from tests.browser.desk import Room
from tests.gateways.test_photographs import picture


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name)


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить").click()


@pytest.mark.spec("PAT-1", "PAT-2", "PAT-5", "UI-3")
def test_a_card_is_filled_in_and_a_refusal_stands_at_its_field(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[KUZNETSOVA]}")
    section(page, "Документы").get_by_label("СНИЛС").fill("112-233-445 96")
    section(page, "Законный представитель").get_by_label("Фамилия").fill("Кузнецов")
    section(page, "Законный представитель").get_by_label("Дата рождения").fill("02.1970")
    section(page, "Контакты").get_by_label("Город").fill("Бердск")
    save(page)
    snils = section(page, "Документы").get_by_label("СНИЛС")
    expect(snils).to_have_attribute("aria-invalid", "true")
    expect(snils).to_have_accessible_description(re.compile("контрольное число"))
    expect(snils).to_be_focused()
    snils.fill("112 233 445 95")
    save(page)
    expect(page.get_by_text("Карта сохранена")).to_be_visible()
    page.reload()
    expect(snils).to_have_value("112-233-445 95")
    expect(section(page, "Законный представитель").get_by_label("Фамилия")).to_have_value("Кузнецов")
    expect(section(page, "Законный представитель").get_by_label("Дата рождения")).to_have_value("02.1970")
    expect(section(page, "Контакты").get_by_label("Город")).to_have_value("Бердск")
    expect(section(page, "Пациент").get_by_label("Фамилия")).to_have_value("Кузнецова")


@pytest.mark.spec("PAT-1", "UI-3")
def test_a_taken_card_number_stands_at_its_field_with_a_link_to_whose_it_is(room: Room, clinic: Clinic) -> None:
    morozov = clinic.denta.clinic.load(PatientCard, clinic.ids[MOROZOV])
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[KUZNETSOVA]}")
    number = section(page, "Пациент").get_by_label("Номер карты")
    number.fill(morozov.card_number)
    save(page)
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description(re.compile("уже занят другим пациентом"))
    link = page.get_by_role("link", name=f"Карта № {morozov.card_number}, {MOROZOV}")
    expect(link).to_have_attribute("href", f"/patients/{morozov.id}")
    expect(link.locator("..")).to_contain_text("уже занят другим пациентом")
    page.get_by_role("button", name="Отменить правки").click()
    expect(link).to_have_count(0)


@pytest.mark.spec("UI-2")
def test_what_was_typed_stays_while_another_tab_is_looked_at(room: Room, clinic: Clinic) -> None:
    number = clinic.book(MOROZOV, ORLOVA, clinic.day(3), "11:00", "11:20")
    page = room.seat(MANAGER, f"/patients/{clinic.ids[MOROZOV]}")
    section(page, "Контакты").get_by_label("Улица").fill("Морская")
    page.get_by_role("tab", name="Визиты").click()
    expect(page).to_have_url(re.compile("tab=visits"))
    expect(page.get_by_role("tabpanel").get_by_text(f"№ {number}")).to_be_visible()
    page.get_by_role("tab", name="Карта", exact=True).click()
    expect(section(page, "Контакты").get_by_label("Улица")).to_have_value("Морская")


@pytest.mark.spec("PAT-7")
def test_the_card_is_shown_as_it_was_with_who_changed_what(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/patients/{clinic.ids[MOROZOV]}")
    section(page, "Контакты").get_by_label("E-mail").fill("morozov@bereg.example")
    save(page)
    expect(page.get_by_text("Карта сохранена")).to_be_visible()
    page.get_by_role("tab", name="История изменений").click()
    versions = page.get_by_role("region", name="Версии").get_by_role("listitem")
    expect(versions.first).to_contain_text(MANAGER)
    expect(versions.first).to_contain_text("morozov@bereg.example")
    state = page.get_by_role("region", name="Состояние")
    expect(state).to_contain_text("morozov@bereg.example")
    versions.last.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("tab=history.*version=1|version=1.*tab=history"))
    expect(state).to_contain_text("Версия 1 из")
    expect(state).not_to_contain_text("morozov@bereg.example")
    page.reload()
    expect(state).to_contain_text("Версия 1 из")


@pytest.mark.spec("PAT-4")
def test_the_form_says_what_the_registry_forbids_before_anything_is_sent(room: Room, clinic: Clinic) -> None:
    card = clinic.denta.clinic.load(PatientCard, clinic.ids[EGOROV])
    card.accept_by_registry(card.name, "1980-05", at=clinic.by().now)
    clinic.denta.clinic.save(card, ctx=clinic.by())
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[EGOROV]}")
    patient = section(page, "Пациент")
    born, family, given = (patient.get_by_label(name, exact=True) for name in ("Дата рождения", "Фамилия", "Имя"))
    expect(born).to_have_accessible_description("В ЕГИСЗ: 05.1980. Можно только дополнить")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    born.fill("06.1980")
    family.fill("Егоркин")
    given.fill("Сергей")
    save(page)
    for field in (born, family, given):
        expect(field).to_have_attribute("aria-invalid", "true")
    assert "PATCH" not in sent
    born.fill("14.05.1980")
    given.fill("Семён")
    save(page)
    expect(page.get_by_text("Карта сохранена")).to_be_visible()


@pytest.mark.spec("PAT-1")
def test_a_photo_is_put_into_the_card_and_taken_off(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[KUZNETSOVA]}")
    photo = page.get_by_role("region", name="Фотография")
    with page.expect_file_chooser() as chooser:
        photo.get_by_role("button", name="Загрузить фото").click()
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"})
    expect(page.get_by_text("Это не фотография")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        photo.get_by_role("button", name="Загрузить фото").click()
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": picture("PNG", (1000, 1000))})
    shown = photo.get_by_role("img", name=f"Фотография: {KUZNETSOVA}")
    expect(shown).to_be_visible()
    page.wait_for_function("image => image.naturalWidth === 800", arg=shown.element_handle())
    photo.get_by_role("button", name="Убрать").click()
    question = page.get_by_role("dialog", name=f"Удалить фотографию: {KUZNETSOVA}?")
    question.get_by_role("button", name="Не удалять").click()
    expect(shown).to_be_visible()
    photo.get_by_role("button", name="Убрать").click()
    question.get_by_role("button", name="Удалить").click()
    expect(shown).to_have_count(0)


@pytest.mark.spec("PAT-1")
def test_source_and_categories_are_chosen_made_on_the_spot_and_seen_where_the_patient_is(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/patients/{clinic.ids[EGOROV]}")
    patient = section(page, "Пациент")
    for field, name in (("Источник", "Вывеска"), ("Категории", "VIP"), ("Категории", "Близкие")):
        patient.get_by_role("combobox", name=field).fill(name)
        page.get_by_role("option", name=f"Создать «{name}»").click()
        chosen = patient.get_by_role("combobox", name=field)
        expect(chosen).to_be_enabled()
        if field == "Категории":
            expect(patient).to_contain_text(name)
        else:
            expect(chosen).to_have_value(name)
    save(page)
    expect(page.get_by_text("Карта сохранена")).to_be_visible()
    page.reload()
    head = page.locator("header").filter(has=page.get_by_role("heading", level=1))
    for name in ("VIP", "Близкие"):
        expect(head.get_by_text(name, exact=True)).to_be_visible()
    expect(patient.get_by_role("combobox", name="Источник")).to_have_value("Вывеска")
    page.get_by_role("link", name="К списку").click()
    expect(page.get_by_role("row").filter(has_text="Семён Ильич")).to_contain_text("VIP")

    other = room.seat(RECEPTIONIST, f"/calendar?date={clinic.day(0)}")
    other.get_by_role("button", name="Записать").click()
    other.get_by_role("combobox", name="Пациент").fill("Семён Ильич")
    other.get_by_role("option").filter(has_text="VIP").click()
    expect(other.get_by_role("dialog")).to_contain_text("Близкие")
    number = clinic.book(EGOROV, ORLOVA, clinic.day(4), "12:00", "12:20")
    other.goto(f"/visits/{clinic.ids[f'№ {number}']}")
    expect(other.get_by_text("VIP", exact=True)).to_be_visible()
    other.goto(f"/patients/{clinic.ids[KUZNETSOVA]}")
    section(other, "Пациент").get_by_role("combobox", name="Категории").fill("Новая")
    expect(other.get_by_text("Ничего не нашли")).to_be_visible()


@pytest.mark.spec("PAT-3", "PAT-7")
def test_the_tabs_are_reached_by_keyboard_and_stand_in_the_address(room: Room, clinic: Clinic) -> None:
    """Of what has content; who may open the card sees all of them, without a right to the journal."""
    page = room.seat(RECEPTIONIST, f"/patients/{clinic.ids[MOROZOV]}")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Карта", "Визиты", "Финансы", "Документы", "История изменений"])
    tabs.first.focus()
    for name, address, shown in (
        ("Визиты", "tab=visits", "Предстоящие визиты"),
        ("Финансы", "tab=finances", "Визиты"),
        ("Документы", "tab=papers", "Новый документ"),
        ("История изменений", "tab=history", "Состояние"),
    ):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tab", name=name, selected=True)).to_be_visible()
        expect(page).to_have_url(re.compile(address))
        panel = page.get_by_role("tabpanel")
        expect(panel.get_by_role("heading", name=shown).or_(panel.get_by_role("region", name=shown))).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="История изменений", selected=True)).to_be_visible()
    expect(page.get_by_role("region", name="Версии").get_by_role("listitem").last).to_contain_text("Карта пациента")
    page.get_by_role("tab", name="История изменений").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("group", name="Пациент")).to_be_visible()
    expect(page).not_to_have_url(re.compile("tab="))


@pytest.mark.spec("UI-2")
def test_a_new_card_that_something_was_typed_into_is_not_lost_by_a_slip(room: Room) -> None:
    page = room.seat(RECEPTIONIST, "/visits")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Пациенты").click()
    button = page.get_by_role("button", name="Новый пациент")
    button.click()
    window = page.get_by_role("dialog", name="Новый пациент")
    expect(window.get_by_label("Фамилия")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(button).to_be_focused()

    button.click()
    window.get_by_label("Фамилия").fill("Лебедева")
    for leave in (lambda: page.keyboard.press("Escape"), window.get_by_role("button", name="Отмена").click, page.go_back):
        leave()
        question = page.get_by_role("dialog", name="Уйти без сохранения?")
        question.get_by_role("button", name="Остаться").click()
        expect(question).to_have_count(0)
        expect(window.get_by_label("Фамилия")).to_have_value("Лебедева")
    window.get_by_role("button", name="Создать карту").click()
    expect(page.get_by_role("heading", level=1, name="Лебедева")).to_be_visible()


@pytest.mark.spec("UI-3", "UI-8")
@pytest.mark.parametrize("where", ["list", "booking"])
def test_what_the_server_refuses_of_a_new_patient_stands_at_its_field(room: Room, clinic: Clinic, where: str) -> None:
    """The numbering plan is the server's: the form can't know that there is no such number."""
    page = room.seat(RECEPTIONIST, "/patients" if where == "list" else "/")
    window = page.get_by_role("dialog", name=re.compile("^Новый пациент|^Новая запись"))
    if where == "booking":
        calendar = CalendarPage(page).open(clinic.day(2))
        calendar.drag(calendar.point(BELOV, "11:00"), calendar.point(BELOV, "11:40"))
        window.get_by_label("Пациент", exact=True).fill("Небывалова Анна")
        page.get_by_role("option", name="Новый пациент: Небывалова Анна").click()
    else:
        page.get_by_role("button", name="Новый пациент").click()
        window.get_by_label("Фамилия").fill("Небывалова")
    phone = window.get_by_label("Телефон")
    phone.fill("+7 000 000-00-00")
    window.get_by_role("button", name="Создать карту" if where == "list" else "Записать").click()
    expect(phone).to_have_accessible_description(re.compile("Такого номера в России нет"))
    expect(phone).to_be_focused()
    expect(window.get_by_role("alert")).to_have_text(re.compile("^Такого номера"))
    phone.fill("+7 912 345-67-89")
    expect(window.get_by_role("alert")).to_have_count(0)
