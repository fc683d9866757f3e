"""An employee's card on the screen: its sections, refusals at their fields, and the rights that a position proposes."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregates.access.rights import DOCTOR
from aggregates.catalogues import Position
from aggregates.clinic.service import Service
from aggregates.federal_dictionaries import POSITIONS
from commands import catalogue
from commands.clinic import service
from commands.people import employee
from commands.ports.dictionaries import DictionaryEntry, DictionaryVersion
from tests.browser.axe import violations
from tests.browser.clinic import BELOV, COLLEAGUE, EGOROV, FOMIN, KUZNETSOVA, MANAGER, MELNIK, ORLOVA, ZAITSEV, Clinic
from tests.browser.desk import Room, delayed
from tests.gateways.test_photographs import picture


def card_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Карточка")


def save(page: Page) -> None:
    card_of(page).get_by_role("button", name="Сохранить", exact=True).click()


def test_a_card_is_filled_whole_and_stands_in_the_form_in_which_people_write(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/employees/{clinic.ids[FOMIN]}")
    card = card_of(page)
    expect(card).to_contain_text("Сейчас записана так: Пародонтолог")
    card.get_by_role("combobox", name="Должность").fill("Врач-пародонтолог")
    page.get_by_role("option", name="Создать «Врач-пародонтолог»").click()
    expect(card.get_by_role("combobox", name="Должность")).to_have_value("Врач-пародонтолог")
    card.get_by_role("combobox", name="Склад").fill("Осн")
    page.get_by_role("option", name="Основной склад").click()
    written = {
        "Дополнительные телефоны": ("8 913 5550001, 9135550002", "+7 913 555-00-01, +7 913 555-00-02"),
        "Внутренний номер": ("205", "205"),
        "Дата рождения": ("17.5.1985", "17.05.1985"),
        "СНИЛС": ("11223344595", "112-233-445 95"),
        "ИНН": ("500100732259", "500100732259"),
        "Паспорт: серия и номер": ("4512345678", "45 12 345678"),
        "Паспорт: дата выдачи": ("1.6.2010", "01.06.2010"),
        "Паспорт: кем выдан": ("ОВД «Северный»", "ОВД «Северный»"),
        "Комментарий": ("По средам с утра", "По средам с утра"),
    }
    for label, (typed, _) in written.items():
        card.get_by_label(label, exact=True).fill(typed)
    card.get_by_role("switch", name="Показывать входящие звонки").check()
    save(page)
    expect(page.get_by_text("Карточка сохранена.")).to_be_visible()
    page.reload()
    for label, (_, shown) in written.items():
        expect(card.get_by_label(label, exact=True)).to_have_value(shown)
    expect(card.get_by_role("combobox", name="Должность")).to_have_value("Врач-пародонтолог")
    expect(card).not_to_contain_text("Сейчас записана так")


@pytest.mark.spec("UI-3")
def test_all_wrong_values_are_reported_at_once_each_at_its_field(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/employees/{clinic.ids[FOMIN]}")
    card = card_of(page)
    wrong = {
        "СНИЛС": ("112-233-445 96", "контрольное число не сходится"),
        "ИНН": ("7707083893", "В ИНН человека 12 цифр"),
        "Паспорт: серия и номер": ("45 12", "В серии и номере паспорта 10 цифр"),
    }
    for label, (typed, _) in wrong.items():
        card.get_by_label(label, exact=True).fill(typed)
    save(page)
    for label, (typed, reason) in wrong.items():
        expect(card.get_by_label(label, exact=True)).to_have_accessible_description(re.compile(reason))
        expect(card.get_by_label(label, exact=True)).to_have_value(typed)


@pytest.mark.spec("UI-3")
def test_a_wrong_value_is_reported_at_its_field(room: Room, clinic: Clinic) -> None:
    employee.change_card(clinic.denta.clinic, clinic.by(), clinic.ids[ORLOVA], {"internal_number": "300"})
    page = room.seat(MANAGER, f"/employees/{clinic.ids[FOMIN]}")
    card = card_of(page)
    for label, wrong, reason in (
        ("СНИЛС", "112-233-445 96", "контрольное число не сходится"),
        ("Дата рождения", "31.02", "31.02 – такого дня нет"),
        ("Внутренний номер", "300", "уже у другого сотрудника"),
    ):
        wrongly = card.get_by_label(label, exact=True)
        before = wrongly.input_value()
        wrongly.fill(wrong)
        save(page)
        expect(wrongly).to_have_accessible_description(re.compile(reason))
        expect(wrongly).to_have_value(wrong)
        wrongly.fill(before)
        expect(wrongly).not_to_have_accessible_description(re.compile(reason))


@pytest.mark.spec("ACL-3")
def test_who_gets_access_is_offered_the_set_of_rights_of_their_position(room: Room, clinic: Clinic) -> None:
    fields = {"name": "Врач смены", "rights_set": str(DOCTOR.id)}
    position = catalogue.create_entry(clinic.denta.clinic, clinic.by(), Position, fields).id
    new = employee.hire(clinic.denta.clinic, clinic.by(), {"family_name": "Сменная", "position_id": position}).id
    page = room.seat(MANAGER, f"/employees/{new}")
    page.get_by_role("checkbox", name="Разрешить доступ к системе").check()
    access = page.get_by_role("region", name="Доступ к системе")
    expect(access.get_by_role("combobox", name="Набор прав")).to_have_value(DOCTOR.name)
    expect(access).to_contain_text("Предложен по должности «Врач смены»")
    access.get_by_label("E-mail для входа").fill("smennaya@bereg.example")
    access.get_by_label("Пароль", exact=True).fill("tihiy-parovoz-na-lune")
    access.get_by_role("button", name="Сохранить доступ").click()
    expect(page.get_by_text("Доступ сохранён.")).to_be_visible()
    expect(access).not_to_contain_text("Предложен по должности")


@pytest.mark.spec("SEC-3")
def test_a_photo_is_seen_in_card_list_and_calendar_until_it_is_taken_off(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/employees/{clinic.ids[ORLOVA]}")
    card = card_of(page)
    with page.expect_file_chooser() as chooser:
        card.get_by_role("button", name="Загрузить фото").click()
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": picture("PNG", (1000, 1000))})
    shown = card.get_by_role("img", name=f"Фотография: {ORLOVA}")
    expect(shown).to_be_visible()
    page.wait_for_function("image => image.naturalWidth === 320", arg=shown.element_handle())
    page.goto("/employees")
    expect(page.get_by_role("row").filter(has_text=ORLOVA).locator("img")).to_be_visible()
    page.goto(f"/calendar?date={clinic.day(0)}")
    expect(page.locator(f'img[src*="{clinic.ids[ORLOVA]}"]')).to_be_visible()
    page.goto(f"/employees/{clinic.ids[ORLOVA]}")
    card.get_by_role("button", name="Убрать").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить", exact=True).click()
    expect(shown).to_have_count(0)


@pytest.mark.spec("EGZ-1", "UI-3")
def test_a_federal_code_is_typed_or_where_its_dictionary_is_loaded_chosen_by_words(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/employees/{clinic.ids[MELNIK]}")
    code = card_of(page).get_by_label("Идентификатор должности", exact=True)
    expect(code).to_have_accessible_description("Справочник не загружен: введите код")
    code.fill("109")
    save(page)
    expect(page.get_by_text("Карточка сохранена")).to_be_visible()

    version = DictionaryVersion(oid=POSITIONS, version="1", title="Должности", file_hash="1", loaded_at=datetime.now(UTC))
    entries = [DictionaryEntry("109", "врач-стоматолог", actual=True), DictionaryEntry("110", "врач-ортодонт", actual=True)]
    clinic.denta.dictionaries.load(version, entries)
    page.reload()
    code = card_of(page).get_by_role("combobox", name="Идентификатор должности")
    expect(code).to_have_value("109 · врач-стоматолог")
    code.fill("ортодонт")
    page.get_by_role("option", name="110 · врач-ортодонт").click()
    save(page)
    expect(page.get_by_text("Карточка сохранена")).to_be_visible()
    page.reload()
    expect(code).to_have_value("110 · врач-ортодонт")
    speciality = card_of(page).get_by_label("Идентификатор специальности")
    expect(speciality).to_have_accessible_description("Справочник не загружен: введите код")


def given(clinic: Clinic, name: str, *doctors: str) -> None:
    """A service that these doctors give."""
    card = {"name": name, "price": "900", "duration": 30, "doctors": [clinic.ids[doctor] for doctor in doctors]}
    clinic.ids[name] = service.create_service(clinic.denta.clinic, clinic.by(), card).id


def givers(clinic: Clinic, name: str) -> set[str]:
    doctors = clinic.denta.clinic.load(Service, clinic.ids[name]).doctors
    return {doctor for doctor, id_ in clinic.ids.items() if id_ in doctors}


@pytest.mark.spec("CAL-11", "CAL-10", "UI-2")
def test_a_doctors_services_are_ticked_saved_and_follow_what_others_change(room: Room, clinic: Clinic) -> None:
    given(clinic, "Винир", BELOV)
    given(clinic, "Вкладка", BELOV, ZAITSEV)
    page = room.seat(MANAGER, f"/employees/{clinic.ids[ZAITSEV]}")
    panel = page.get_by_role("region", name="Услуги")
    veneer, inlay = (panel.get_by_role("checkbox", name=name) for name in ("Винир", "Вкладка"))
    expect(veneer).not_to_be_checked()
    expect(inlay).to_be_checked()
    expect(panel.get_by_role("button", name="Сохранить услуги")).to_be_disabled()
    panel.get_by_label("Найти услугу").fill("вин")
    expect(inlay).to_have_count(0)
    veneer.check()
    panel.get_by_role("button", name="Сохранить 1 услугу").click()
    expect(page.get_by_text("Услуги врача сохранены.")).to_be_visible()
    assert givers(clinic, "Винир") == {BELOV, ZAITSEV}
    page.reload()
    expect(veneer).to_be_checked()
    expect(inlay).to_be_checked()

    # a colleague takes one away while another tick is on its way here: both are seen, and neither undoes the other
    given(clinic, "Шина", BELOV)
    splint = panel.get_by_role("checkbox", name="Шина")
    splint.check()
    service.change_service(clinic.denta.clinic, clinic.by(COLLEAGUE), clinic.ids["Вкладка"], {"doctors": [clinic.ids[BELOV]]})
    expect(inlay).not_to_be_checked()
    expect(splint).to_be_checked()
    panel.get_by_role("button", name="Сохранить 1 услугу").click()
    expect(panel.get_by_role("button", name="Сохранить услуги")).to_be_disabled()
    assert (givers(clinic, "Шина"), givers(clinic, "Вкладка")) == ({BELOV, ZAITSEV}, {BELOV})

    panel.get_by_role("combobox", name="Как у …").fill("Белов")
    page.get_by_role("option", name=BELOV).click()
    expect(inlay).to_be_checked()
    panel.get_by_role("button", name="Вернуть отметки").click()
    expect(inlay).not_to_be_checked()


@pytest.mark.spec("CAL-19", "UI-1")
def test_services_with_coming_visits_are_taken_from_a_doctor_only_when_the_manager_says_so(room: Room, clinic: Clinic) -> None:
    given(clinic, "Мост", FOMIN, BELOV)
    given(clinic, "Штифт", FOMIN, BELOV)
    numbers = [
        clinic.book(patient, FOMIN, clinic.day(n), "10:00", "10:30", services=services)
        for n, (patient, services) in enumerate(((KUZNETSOVA, ("Мост",)), (EGOROV, ("Мост", "Штифт"))))
    ]
    page = room.seat(MANAGER, f"/employees/{clinic.ids[FOMIN]}", theme="dark", width=1024)
    panel = page.get_by_role("region", name="Услуги")
    for name in ("Мост", "Штифт"):
        panel.get_by_role("checkbox", name=name).uncheck()
    save = panel.get_by_role("button", name="Сохранить 2 услуги")
    save.click()
    asked = page.get_by_role("dialog", name="Проверьте, всё ли верно")
    expect(asked).to_contain_text("Врач больше не будет оказывать: Мост, Штифт. Предстоящих визитов с этими услугами: 2.")
    visits = asked.get_by_role("table", name="Предстоящие визиты").get_by_role("row")
    expect(visits).to_have_count(3)
    for row, number, patient, services in ((1, numbers[0], KUZNETSOVA, "Мост"), (2, numbers[1], EGOROV, "Мост, Штифт")):
        expect(visits.nth(row)).to_contain_text(patient)
        expect(visits.nth(row)).to_contain_text(services)
        expect(visits.nth(row).get_by_role("link", name=f"№ {number}")).to_have_attribute("target", "_blank")
    assert violations(page) == []
    asked.get_by_role("button", name="Вернуться").click()
    expect(asked).to_have_count(0)
    expect(save).to_be_enabled()
    assert givers(clinic, "Мост") == {FOMIN, BELOV}
    save.click()
    asked.get_by_role("button", name="Всё равно сохранить").click()
    expect(page.get_by_text("Услуги врача сохранены.")).to_be_visible()
    assert givers(clinic, "Мост") == {BELOV}


@pytest.mark.spec("UI-2")
def test_leaving_a_page_of_two_unsaved_forms_asks_once(room: Room, clinic: Clinic) -> None:
    given(clinic, "Пломба", BELOV)
    page = room.seat(MANAGER, f"/employees/{clinic.ids[ZAITSEV]}")
    card_of(page).get_by_label("Имя", exact=True).fill("Захар")
    page.get_by_role("region", name="Услуги").get_by_role("checkbox", name="Пломба").check()
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    to_journal = page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Журнал действий")
    to_journal.click()
    expect(question).to_have_count(1)
    question.get_by_role("button", name="Остаться").click()
    expect(question).to_have_count(0)
    expect(card_of(page).get_by_label("Имя", exact=True)).to_have_value("Захар")
    to_journal.click()
    question.get_by_role("button", name="Уйти").click()
    expect(page).to_have_url(re.compile("/journal"))
    expect(question).to_have_count(0)


@pytest.mark.spec("UI-3")
def test_a_new_employee_is_created_from_wherever_one_has_scrolled_to(room: Room) -> None:
    page = room.seat(MANAGER, "/employees/new", width=1024, height=768)
    expect(page.get_by_role("button", name="Создать")).to_be_in_viewport(ratio=1)


@pytest.mark.spec("UI-2")
def test_a_user_who_leaves_right_after_creating_is_neither_asked_nor_brought_back(room: Room) -> None:
    page = room.seat(MANAGER, "/employees/new")
    page.get_by_label("Фамилия").fill("Лебедева")
    with delayed(page, "**/assets/EmployeePage-*.js"):
        page.get_by_role("button", name="Создать").click()
        page.wait_for_url(re.compile("/employees/[0-9a-f-]{36}$"))
        page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Должности").click()
        expect(page.get_by_role("heading", level=1, name="Должности")).to_be_visible()
    expect(page).to_have_url(re.compile("/catalogues/"))


@pytest.mark.spec("UI-2")
def test_an_answer_that_comes_late_does_not_take_anybody_from_where_they_are(room: Room) -> None:
    page = room.seat(MANAGER, "/employees/new")
    page.get_by_label("Фамилия").fill("Поздняя")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    menu = page.get_by_role("navigation", name="Разделы")
    with delayed(page, "**/api/employees"):
        page.get_by_role("button", name="Создать").click()
        menu.get_by_role("link", name="Услуги").click()
        question.get_by_role("button", name="Уйти").click()
        page.get_by_role("link", name="Новая услуга").click()
        page.get_by_role("dialog").get_by_label("Наименование").fill("Отбеливание")
    expect(page.get_by_text("Сотрудник добавлен.")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("Наименование")).to_have_value("Отбеливание")
    expect(page).to_have_url(re.compile("/services/new$"))


@pytest.mark.spec("UI-2")
def test_the_question_goes_with_the_save_that_was_under_way(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, f"/employees/{clinic.ids[MELNIK]}")
    card_of(page).get_by_label("Имя", exact=True).fill("Олег Второй")
    question = page.get_by_role("dialog", name="Уйти без сохранения?")
    with delayed(page, re.compile("/api/employees/[0-9a-f-]+$")):
        save(page)
        page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Должности").click()
        expect(question).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Должности")).to_be_visible()
    expect(question).to_have_count(0)
