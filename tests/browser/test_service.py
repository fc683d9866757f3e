"""Services on the screen: what a service refers to, who gives it, and what the booking window offers of it."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from aggregates.catalogues import Goods, GoodsCategory, ServiceCategory, Unit, first_entry_id
from aggregates.clinic.service import Service
from commands import catalogue
from commands.clinic import service
from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import (
    BELOV,
    COLLEAGUE,
    CONSULTATION,
    FILLING,
    KUZNETSOVA,
    MANAGER,
    ORLOVA,
    RECEPTIONIST,
    ZAITSEV,
    Clinic,
)
from tests.browser.desk import Room

GEL = "Гель для протравки"


def test_a_service_is_created_whole_and_changed(room: Room, clinic: Clinic) -> None:
    store = clinic.denta.clinic
    group = catalogue.create_entry(store, clinic.by(), GoodsCategory, {"name": "Терапия: материалы"}).id
    card = {"name": GEL, "category": str(group), "price": "900", "sale_unit": str(first_entry_id(Unit, "штука"))}
    card["write_off_unit"] = str(first_entry_id(Unit, "миллилитр"))
    catalogue.create_entry(store, clinic.by(), Goods, card)
    page = room.seat(MANAGER, "/services")
    page.get_by_role("link", name="Новая услуга").click()
    window = page.get_by_role("dialog", name="Новая услуга")
    window.get_by_label("Наименование").fill("Художественная реставрация")
    window.get_by_role("combobox", name="Категория").fill("Эстетика")
    page.get_by_role("option", name="Создать «Эстетика»").click()
    expect(window.get_by_role("combobox", name="Категория")).to_have_value("Эстетика")
    window.get_by_role("combobox", name="Единица измерения").fill("зуб")
    page.get_by_role("option", name="зуб", exact=True).click()
    window.get_by_label("Цена").fill("9800")
    window.get_by_role("switch", name="Использовать для онлайн-записи").check()
    window.get_by_role("combobox", name="Врачи").fill("Орлова")
    page.get_by_role("option", name=ORLOVA).click()
    page.keyboard.press("Tab")
    window.get_by_role("combobox", name="Добавить материал").click()
    page.get_by_role("option", name=GEL).click()
    window.get_by_role("textbox", name=f"Количество: {GEL}").fill("0,5")
    expect(window.get_by_role("list", name="Материалы")).to_contain_text("миллилитр")
    window.get_by_role("button", name="Создать").click()
    expect(window).to_have_count(0)

    made = page.get_by_role("row").filter(has_text="Художественная реставрация")
    expect(made).to_contain_text("Эстетика")
    made.get_by_role("link").click()
    window = page.get_by_role("dialog", name="Услуга")
    expect(window).to_be_visible()
    page.reload()  # the window has an address of its own
    expect(window.get_by_role("textbox", name=f"Количество: {GEL}")).to_have_value("0,5")
    expect(window.get_by_role("switch", name="Использовать для онлайн-записи")).to_be_checked()
    window.get_by_role("textbox", name=f"Количество: {GEL}").fill("много")
    window.get_by_role("button", name="Сохранить").click()
    expect(window.get_by_role("group", name="Нормы расхода материалов")).to_contain_text("Укажите число больше нуля")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Уйти без сохранения?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Уйти без сохранения?")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Уйти").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.spec("UI-6")
def test_services_are_narrowed_by_category_and_by_who_gives_them(room: Room, clinic: Clinic) -> None:
    store = clinic.denta.clinic
    group = catalogue.create_entry(store, clinic.by(), ServiceCategory, {"name": "Отбор"}).id
    for name, doctors in (("Своя у каждого", []), ("Только у Орловой", [clinic.ids[ORLOVA]])):
        card = {"name": name, "price": "100", "duration": 20, "category_id": group, "doctors": doctors}
        service.create_service(store, clinic.by(), card)
    page = room.seat(MANAGER, "/services")
    page.get_by_role("combobox", name="Категория").click()
    page.get_by_role("option", name="Отбор").click()
    expect(page.get_by_text("2 услуги", exact=True)).to_be_visible()
    page.get_by_role("combobox", name="Врач").click()
    page.get_by_role("option", name=BELOV).click()
    expect(page.get_by_text("1 услуга", exact=True)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Своя у каждого")).to_be_visible()
    expect(page).to_have_url(re.compile(f"category={group}&doctor={clinic.ids[BELOV]}"))
    page.reload()
    expect(page.get_by_text("1 услуга", exact=True)).to_be_visible()


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_deleted_service_is_hidden_or_greyed_and_comes_back(room: Room, clinic: Clinic) -> None:
    clinic.set(show_deleted=False)
    page = room.seat(MANAGER, "/services")
    of_filling = page.get_by_role("row").filter(has_text=FILLING)
    of_filling.get_by_role("link").click()
    page.get_by_role("dialog", name="Услуга").get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog", name=re.compile("^Удалить:")).get_by_role("button", name="Удалить").click()
    expect(of_filling).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()  # now only the setting itself is news for the list
    expect(page.get_by_role("row").filter(has_text=CONSULTATION)).to_be_visible()
    clinic.set(show_deleted=True)
    expect(of_filling).to_contain_text("удалена")
    of_filling.get_by_role("button", name=f"Вернуть: {FILLING}").click()
    expect(of_filling).not_to_contain_text("удалена")


def test_a_chosen_doctor_is_offered_first_the_services_that_they_give(room: Room, clinic: Clinic) -> None:
    service.change_service(clinic.denta.clinic, clinic.by(), clinic.ids[FILLING], {"doctors": [clinic.ids[ORLOVA]]})
    page = room.seat(RECEPTIONIST)
    calendar = CalendarPage(page).open(clinic.day(0))
    calendar.click(BELOV, "10:00")
    window = page.get_by_role("dialog", name=re.compile("^Новая запись"))
    window.get_by_role("combobox", name="Услуги").click()
    others = page.get_by_role("group", name="Этот врач не оказывает")
    expect(page.get_by_role("option", name=re.compile(CONSULTATION))).to_be_visible()
    expect(others.get_by_role("option", name=re.compile(FILLING))).to_be_visible()
    expect(others.get_by_role("option", name=re.compile(CONSULTATION))).to_have_count(0)
    page.keyboard.press("Tab")

    window.get_by_role("combobox", name="Врач").click()
    page.get_by_role("option", name=re.compile(ORLOVA)).click()
    window.get_by_role("combobox", name="Услуги").click()
    expect(others).to_have_count(0)
    page.get_by_role("option", name=re.compile(FILLING)).click()
    window.get_by_role("combobox", name="Врач").click()
    page.get_by_role("option", name=re.compile(BELOV)).click()
    expect(window.get_by_text(f"Этот врач не оказывает: {FILLING}")).to_be_visible()


@pytest.mark.spec("UI-2", "UI-3")
def test_what_a_colleague_changes_in_a_service_is_not_undone_by_a_save_of_other_fields(room: Room, clinic: Clinic) -> None:
    store = clinic.denta.clinic
    card = {"name": "Снятие слепка", "price": "900", "duration": 20, "doctors": [clinic.ids[ORLOVA]]}
    made = service.create_service(store, clinic.by(), card).id
    page = room.seat(MANAGER, f"/services/{made}")
    window = page.get_by_role("dialog", name="Услуга")
    window.get_by_label("Наименование").fill("Снятие слепков")
    window.get_by_label("Продолжительность").fill("0:30")
    window.get_by_role("combobox", name="Врачи").fill("Белов")
    page.get_by_role("option", name=BELOV).click()
    window.get_by_label("Наименование").click()

    changed = {"price": "1100", "duration": 40, "doctors": [clinic.ids[ORLOVA], clinic.ids[ZAITSEV]]}
    service.change_service(store, clinic.by(COLLEAGUE), made, changed)
    expect(window.get_by_label("Цена")).to_have_value("1\u00a0100")
    expect(window).to_contain_text("Коллега сохранил: 40 мин")
    expect(window.get_by_label("Продолжительность")).to_have_value("30")
    window.get_by_role("button", name="Сохранить").click()
    expect(window).to_have_count(0)

    stored = store.load(Service, made)
    assert (stored.name, stored.price, stored.duration) == ("Снятие слепков", Decimal(1100), 30)
    assert set(stored.doctors) == {clinic.ids[name] for name in (ORLOVA, ZAITSEV, BELOV)}


@pytest.mark.spec("CAL-19")
def test_a_service_that_patients_are_booked_for_loses_a_doctor_or_goes_only_when_the_manager_says_so(
    room: Room, clinic: Clinic
) -> None:
    store, name = clinic.denta.clinic, "Отбеливание"
    doctors = [clinic.ids[doctor] for doctor in (ORLOVA, ZAITSEV)]
    made = service.create_service(store, clinic.by(), {"name": name, "price": "9000", "doctors": doctors}).id
    clinic.ids[name] = made
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(3), "10:00", "10:30", services=(name,))
    page = room.seat(MANAGER, f"/services/{made}")
    window = page.get_by_role("dialog", name="Услуга")
    asked = page.get_by_role("dialog", name="Проверьте, всё ли верно")
    window.get_by_role("combobox", name="Врачи").click()
    page.get_by_role("option", name=ORLOVA).click()
    window.get_by_label("Наименование").click()
    window.get_by_role("button", name="Сохранить").click()
    expect(asked.get_by_role("row").filter(has_text=KUZNETSOVA)).to_contain_text(f"№ {number}")
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(window.get_by_role("alert")).to_have_count(0)
    window.get_by_role("button", name="Сохранить").click()
    asked.get_by_role("button", name="Всё равно сохранить").click()
    expect(window).to_have_count(0)
    assert store.load(Service, made).doctors == (clinic.ids[ZAITSEV],)

    page.goto(f"/services/{made}")
    window.get_by_role("button", name="Удалить").click()
    page.get_by_role("dialog", name=f"Удалить: {name}?").get_by_role("button", name="Удалить", exact=True).click()
    expect(asked).to_contain_text(f"Удаляется услуга: {name}. Предстоящих визитов с этой услугой: 1.")
    asked.get_by_role("button", name="Всё равно удалить").click()
    expect(window).to_have_count(0)
    assert store.load(Service, made).deleted
