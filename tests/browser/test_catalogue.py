"""Plain catalogues on the screen: one mechanism for all, drawn from what the server says of each."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Room, Source, Unit, first_entry_id
from commands import catalogue
from tests.browser.clinic import MANAGER, RECEPTIONIST, Clinic
from tests.browser.desk import Room as Desks
from tests.browser.test_keyboard import tab_to

PIECE = str(first_entry_id(Unit, "штука"))


def window(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def row(page: Page, table: str, name: str) -> Locator:
    return page.get_by_role("table", name=table).get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def field(within: Locator, label: str) -> Locator:
    return within.get_by_label(re.compile(rf"^{re.escape(label)}( \*)?$"))


def save(within: Locator) -> None:
    within.get_by_role("button", name="Сохранить", exact=True).click()


def goods(clinic: Clinic, name: str, price: str = "120.50") -> str:
    category = catalogue.create_entry(clinic.denta.clinic, clinic.by(), GoodsCategory, {"name": f"Расходники: {name}"}).id
    card = {"name": name, "category": str(category), "price": price, "sale_unit": PIECE}
    return str(catalogue.create_entry(clinic.denta.clinic, clinic.by(), Goods, card).id)


@pytest.mark.spec("STK-1")
def test_goods_are_created_with_a_category_that_is_made_on_the_way_and_changed(room: Desks, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/calendar")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Товары").click()
    page.get_by_role("link", name="Новый товар").click()
    new = window(page, "Новый товар")
    field(new, "Наименование").fill("Перчатки нитриловые")
    new.get_by_role("button", name="Создать").click()
    expect(new.get_by_text("Это поле нужно заполнить.")).to_have_count(3)

    category = new.get_by_role("combobox", name="Категория")
    category.fill("Средства защиты")
    page.get_by_role("option", name="Создать «Средства защиты»").click()
    expect(category).to_have_value("Средства защиты")
    field(new, "Цена").fill("1 250,50")
    new.get_by_role("combobox", name="Единица измерения (продажа)").fill("шту")
    page.get_by_role("option", name="штука").click()
    new.get_by_role("button", name="Создать").click()
    expect(new).to_have_count(0)
    made = row(page, "Товары", "Перчатки нитриловые")
    for says in ("Средства защиты", "1 250,50 ₽", "штука"):
        expect(made).to_contain_text(says.replace(" ", "\u00a0") if "₽" in says else says)

    made.get_by_role("link").click()
    card = window(page, "Товар")
    field(card, "Цена").fill("990")
    save(card)
    expect(card).to_have_count(0)
    expect(made).to_contain_text("990\u00a0₽")


@pytest.mark.spec("UI-3")
def test_a_refusal_is_shown_at_its_field_and_what_was_typed_stays(room: Desks, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/catalogues/counterparty/new")
    new = window(page, "Новый контрагент")
    field(new, "Наименование").fill("ООО «Ромашка»")
    field(new, "ИНН").fill("7707083894")
    new.get_by_role("button", name="Создать").click()
    wrong = field(new, "ИНН")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile("не сходятся контрольные цифры"))
    expect(field(new, "Наименование")).to_have_value("ООО «Ромашка»")
    wrong.fill("7707083893")
    new.get_by_role("button", name="Создать").click()
    expect(row(page, "Контрагенты", "ООО «Ромашка»")).to_contain_text("7707083893")


@pytest.mark.spec("UI-3")
def test_a_taken_name_is_reported_at_the_name(room: Desks, clinic: Clinic) -> None:
    catalogue.create_entry(clinic.denta.clinic, clinic.by(), Source, {"name": "Сарафанное радио"})
    page = room.seat(MANAGER, "/catalogues/source/new")
    new = window(page, "Новый источник")
    field(new, "Наименование").fill("сарафанное  РАДИО")
    new.get_by_role("button", name="Создать").click()
    expect(field(new, "Наименование")).to_have_accessible_description(re.compile("в этом справочнике уже есть"))
    field(new, "Наименование").fill("Сарафанное радио, врачи")
    new.get_by_role("button", name="Создать").click()
    expect(row(page, "Источники", "Сарафанное радио, врачи")).to_be_visible()


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_deleted_entry_is_hidden_or_greyed_as_the_setting_says_and_comes_back(room: Desks, clinic: Clinic) -> None:
    clinic.set(show_deleted=False)
    catalogue.create_entry(clinic.denta.clinic, clinic.by(), Room, {"name": "Кабинет 7"})
    page = room.seat(MANAGER, "/catalogues/room")
    row(page, "Кабинеты", "Кабинет 7").get_by_role("link").click()
    window(page, "Кабинет").get_by_role("button", name="Удалить").click()
    window(page, "Удалить: Кабинет 7?").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Удалено: Кабинет 7")).to_be_visible()
    expect(row(page, "Кабинеты", "Кабинет 7")).to_have_count(0)

    expect(page.get_by_role("switch", name="Показывать удалённые")).to_have_count(0)

    clinic.set(show_deleted=True)
    gone = row(page, "Кабинеты", "Кабинет 7")
    expect(gone).to_contain_text("удалено")
    page.get_by_role("switch", name="Показывать удалённые").uncheck()
    expect(gone).to_have_count(0)
    page.get_by_role("switch", name="Показывать удалённые").check()
    expect(gone).to_contain_text("удалено")
    gone.get_by_role("link").click()
    card = window(page, "Кабинет")
    expect(field(card, "Наименование")).to_be_disabled()
    card.get_by_role("button", name="Закрыть").first.click()
    gone.get_by_role("button", name="Вернуть: Кабинет 7").click()
    expect(gone).not_to_contain_text("удалено")


@pytest.mark.spec("DEL-2")
def test_an_entry_whose_name_was_taken_meanwhile_does_not_come_back(room: Desks, clinic: Clinic) -> None:
    store = clinic.denta.clinic
    first = catalogue.create_entry(store, clinic.by(), Unit, {"name": "пара"}).id
    catalogue.delete_entry(store, clinic.by(), Unit, first)
    catalogue.create_entry(store, clinic.by(), Unit, {"name": "Пара"})
    page = room.seat(MANAGER, f"/catalogues/unit/{first}")
    card = window(page, "Единица измерения")
    card.get_by_role("button", name="Вернуть").click()
    expect(card.get_by_role("alert", name="Вернуть не получилось")).to_contain_text("в этом справочнике уже есть")


@pytest.mark.spec("UI-1")
def test_an_entry_is_created_changed_and_deleted_by_keyboard_alone(room: Desks, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/catalogues/warehouse")
    expect(page.get_by_role("table", name="Склады")).to_contain_text("Основной склад")
    tab_to(page, "^Новый склад$")
    page.keyboard.press("Enter")
    expect(field(window(page, "Новый склад"), "Наименование")).to_be_focused()
    page.keyboard.type("Склад филиала")
    page.keyboard.press("Enter")
    made = row(page, "Склады", "Склад филиала")
    expect(made).to_be_visible()

    tab_to(page, "^Склад филиала$")
    page.keyboard.press("Enter")
    expect(field(window(page, "Склад"), "Наименование")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("ул. Ленина, 5")
    page.keyboard.press("Enter")
    expect(made).to_contain_text("ул. Ленина, 5")

    expect(made.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(window(page, "Склад")).to_be_visible()
    tab_to(page, "^Удалить$")
    page.keyboard.press("Enter")
    expect(window(page, "Удалить: Склад филиала?")).to_be_visible()
    tab_to(page, "^Удалить$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Удалено: Склад филиала")).to_be_visible()


@pytest.mark.spec("UI-2")
def test_two_people_at_one_card_see_each_others_changes_and_lose_nothing(room: Desks, clinic: Clinic) -> None:
    entry = goods(clinic, "Шприц карпульный")
    one, other = (room.seat(MANAGER, f"/catalogues/goods/{entry}") for _ in range(2))
    typed, seen = window(one, "Товар"), window(other, "Товар")
    field(typed, "Цена").fill("140")
    field(seen, "Артикул").fill("ШК-1")
    field(seen, "Цена").fill("135")
    save(seen)
    expect(seen).to_have_count(0)

    expect(field(typed, "Артикул")).to_have_value("ШК-1")
    expect(field(typed, "Цена")).to_have_value("140")
    expect(typed).to_contain_text("Коллега сохранил: 135")
    save(typed)
    expect(typed).to_have_count(0)
    expect(row(other, "Товары", "Шприц карпульный")).to_contain_text("140\u00a0₽")


@pytest.mark.spec("UI-2", "UI-3")
def test_what_is_typed_during_a_save_stays_whatever_the_answer(room: Desks, clinic: Clinic) -> None:
    """The answer may be a refusal, since a colleague was quicker, or a success that leaves more to be saved."""
    name, address = "Маска медицинская", "**/api/goods/*"
    entry = goods(clinic, name)
    page = room.seat(MANAGER, f"/catalogues/goods/{entry}")
    card = window(page, "Товар")
    waiting: list[Route] = []
    field(card, "Цена").fill("140")

    def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            waiting.append(route)
        else:
            route.continue_()

    page.route(address, hold)
    with page.expect_request(lambda request: request.method == "PATCH"):
        save(card)
    field(card, "Артикул").fill("М-1")
    catalogue.change_entry(clinic.denta.clinic, clinic.by(), Goods, UUID(entry), {"price": "135"})
    waiting.pop().continue_()
    expect(card.get_by_role("alert").filter(has_text="Запись изменил кто-то ещё")).to_be_visible()
    expect(card).to_contain_text("Коллега сохранил: 135")

    with page.expect_request(lambda request: request.method == "PATCH"):
        save(card)
    field(card, "Артикул").fill("М-2")
    waiting.pop().continue_()
    expect(page.get_by_text(f"Сохранено: {name}")).to_be_visible()
    expect(field(card, "Артикул")).to_have_value("М-2")
    expect(card.get_by_role("alert")).to_have_count(0)
    page.unroute(address)
    save(card)
    expect(card).to_have_count(0)
    stored = clinic.denta.clinic.load(Goods, UUID(entry)).card
    assert (stored["price"], stored["article"]) == ("140.00", "М-2")


def test_nothing_is_typed_into_something_new_while_its_answer_is_on_its_way(room: Desks, clinic: Clinic) -> None:
    """It would be gone with the form; after a refusal it is typed on where the focus was."""
    catalogue.create_entry(clinic.denta.clinic, clinic.by(), Source, {"name": "Вывеска"})
    page = room.seat(MANAGER, "/catalogues/source/new")
    card, waiting = window(page, "Новый источник"), list[Route]()
    name = field(card, "Наименование")
    name.fill("Вывеска")
    page.route("**/api/sources", lambda route: waiting.append(route) if route.request.method == "POST" else route.continue_())

    def send_typing_on() -> None:
        with page.expect_request(lambda request: request.method == "POST"):
            name.press("Enter")
        expect(card.locator("form")).to_have_attribute("aria-busy", "true")
        page.keyboard.type(" потеряно")
        waiting.pop().continue_()

    send_typing_on()
    expect(card.locator("form[aria-busy]")).to_have_count(0)
    expect(name).to_be_focused()
    expect(name).to_have_value("Вывеска")
    page.keyboard.press("End")
    page.keyboard.type(" на углу")
    send_typing_on()
    expect(card).to_have_count(0)
    expect(row(page, "Источники", "Вывеска на углу")).to_be_visible()


@pytest.mark.spec("UI-6")
def test_a_catalogue_as_it_is_seen_stands_in_the_address(room: Desks, clinic: Clinic) -> None:
    for name, price in (("Бор алмазный", "90"), ("Бор твердосплавный", "310"), ("Боросиликат", "200")):
        goods(clinic, name, price)
    page = room.seat(MANAGER, "/catalogues/goods")
    page.get_by_role("searchbox").fill("бор")
    page.get_by_role("columnheader", name="Цена").get_by_role("button").click()
    names = page.get_by_role("table", name="Товары").locator("tbody tr td:first-child")
    expect(names).to_have_text(["Бор алмазный", "Боросиликат", "Бор твердосплавный"])
    page.get_by_role("columnheader", name="Цена").get_by_role("button").click()
    expect(names).to_have_text(["Бор твердосплавный", "Боросиликат", "Бор алмазный"])
    expect(page).to_have_url(re.compile(r"sort=-price"))
    page.reload()
    expect(names).to_have_text(["Бор твердосплавный", "Боросиликат", "Бор алмазный"])
    page.get_by_role("link", name="Боросиликат").click()
    window(page, "Товар").get_by_role("button", name="Отмена").click()
    expect(names).to_have_text(["Бор твердосплавный", "Боросиликат", "Бор алмазный"])


@pytest.mark.spec("AUD-3")
def test_the_history_of_an_entry_is_one_click_from_its_card_and_back(room: Desks, clinic: Clinic) -> None:
    card = {"name": "Стоматорг", "inn": "7707083893"}
    entry = catalogue.create_entry(clinic.denta.clinic, clinic.by(), Counterparty, card).id
    catalogue.change_entry(clinic.denta.clinic, clinic.by(), Counterparty, entry, {"contact": "Пётр"})
    page = room.seat(MANAGER, f"/catalogues/counterparty/{entry}")
    window(page, "Контрагент").get_by_role("link", name="История").click()
    expect(page.get_by_role("region", name="Версии").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Открыть карточку").click()
    expect(field(window(page, "Контрагент"), "Контактное лицо")).to_have_value("Пётр")


def test_who_does_not_keep_a_catalogue_has_it_neither_in_the_menu_nor_by_address(room: Desks, clinic: Clinic) -> None:
    room.expected = ["У вас нет доступа к этому разделу."]
    page = room.seat(RECEPTIONIST, "/catalogues/source")
    expect(page.get_by_text("У вас нет доступа к этому разделу.")).to_be_visible()
    expect(page.get_by_role("link", name="Источники")).to_have_count(0)
