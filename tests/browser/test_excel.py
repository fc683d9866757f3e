"""A file's way into the clinic at the screen: template, file, check, decision, loading, taking back; and the archive out."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from aggregates.clinic.service import Service
from aggregates.people.patient import PatientCard
from tests.browser.clinic import (
    BELOV,
    COLLEAGUE,
    CONSULTATION,
    FILLING,
    KUZNETSOVA,
    MANAGER,
    MOROZOV,
    ORLOVA,
    RECEPTIONIST,
    Clinic,
)
from tests.browser.desk import Room

HEADINGS = ("Телефон", "Фамилия*", "Имя", "Отчество", "День рождения")


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, target = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def choose_file(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Загрузить файл").click()
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    chooser.value.set_files({"name": name, "mimeType": media, "buffer": content})
    expect(page.get_by_text(name)).to_be_visible()


def count(page: Page, label: str) -> int:
    term = page.get_by_role("term").filter(has_text=re.compile(f"^{label}$"))
    return int(term.locator("xpath=following-sibling::dd").inner_text())


@pytest.mark.spec("XLS-1", "XLS-11", "UI-2")
def test_a_file_goes_its_way_and_is_taken_back(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/import")
    page.get_by_role("combobox", name="Справочник").click()
    page.get_by_role("option", name="Пациенты").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать шаблон").click()
    with ZipFile(download.value.path()) as packed:
        assert packed.namelist() == ["Шаблон – Пациенты.xlsx"]

    family, given, patronymic = KUZNETSOVA.split()
    other, *names = MOROZOV.split()
    choose_file(
        page,
        "Наши пациенты.xlsx",
        workbook(
            HEADINGS,
            (None, "Новикова", "Алла", "Юрьевна", "17.05.1990"),
            (None, family, given, patronymic, "01.02.1985"),
            ("+7 999 000-00-00", other, *names, None),
            ("123", "Ошибкин", None, None, None),
        ),
    )
    page.get_by_role("button", name="Импортировать данные из файла").click()
    expect(page.get_by_text("Файл проверен, ничего ещё не изменено")).to_be_visible(timeout=30_000)
    address = page.url
    counts = {label: count(page, label) for label in ("Создать", "Изменить", "На решение", "С ошибками", "Без изменений")}
    assert counts == {"Создать": 1, "Изменить": 1, "На решение": 1, "С ошибками": 1, "Без изменений": 0}
    page.get_by_text("Изменения: 1").click()
    expect(page.get_by_role("table", name="Изменения").get_by_role("row", name=re.compile(family))).to_contain_text("01.02.1985")
    page.get_by_text("На решение: 1").click()
    row = page.get_by_role("table", name="На решение").get_by_role("row", name=re.compile(other))
    expect(row).to_contain_text("У человека с таким именем сейчас")
    expect(page.get_by_text("Ждут решения: 1 строка")).to_be_visible()
    row.get_by_text("Изменить", exact=True).click()
    expect(page.get_by_text("Ждут решения")).to_have_count(0)
    expect(page.get_by_text("Решено: 1")).to_be_visible()
    assert (count(page, "На решение"), count(page, "Решено")) == (0, 1)
    page.get_by_role("button", name="Импортировать", exact=True).click()

    # left, and come back to by somebody else
    page.goto("/patients")
    colleague = room.seat(COLLEAGUE, "/settings/excel/import")
    row = colleague.get_by_role("row", name=re.compile("Пациенты"))
    expect(row).to_contain_text("Данные загружены", timeout=30_000)
    row.get_by_role("link").click()
    assert (count(colleague, "Создано"), count(colleague, "Изменено")) == (1, 2)
    page.get_by_label("Имя, телефон или номер карты").fill("Новикова Алла")
    expect(page.get_by_role("row", name=re.compile("Новикова Алла Юрьевна"))).to_be_visible()

    page.goto(address)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать ошибки").click()
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == [5, "Ошибкин", "Телефон"]

    page.get_by_role("button", name="Отменить загрузку").click()
    page.get_by_role("dialog").get_by_role("button", name="Отменить загрузку").click()
    expect(page.get_by_text("Загрузка отменена")).to_be_visible(timeout=30_000)
    assert count(page, "Отменено") + count(page, "Осталось") == 3
    assert clinic.denta.clinic.load(PatientCard, clinic.ids[MOROZOV]).phone == "+79135550202"


@pytest.mark.spec("XLS-3", "XLS-11")
def test_the_sheet_of_doctors_is_shown_by_names_and_rows(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/import")
    page.get_by_role("combobox", name="Справочник").click()
    page.get_by_role("option", name="Услуги").click()
    expect(page.get_by_text("Лист «Врачи» (необязательный)")).to_be_visible()
    (orlova, *_), (belov, *_) = ORLOVA.split(), BELOV.split()
    rows = ((orlova, CONSULTATION), (belov, CONSULTATION), (belov, FILLING), ("Неведомый", FILLING))
    book = openpyxl.Workbook()
    book.active.title = "Врачи"
    for row in (("Фамилия", "Услуга"), *rows):
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    choose_file(page, "Врачи.xlsx", target.getvalue())
    page.get_by_role("button", name="Импортировать данные из файла").click()
    page.get_by_text("Изменения: 1").click(timeout=30_000)
    edited = page.get_by_role("table", name="Изменения").get_by_role("row", name=re.compile(CONSULTATION))
    expect(edited).to_contain_text(BELOV)
    expect(edited).to_contain_text(ORLOVA)
    page.get_by_text("Ошибки: 1").click()
    refused = page.get_by_role("table", name="Ошибки").get_by_role("row", name=re.compile(FILLING))
    expect(refused).to_contain_text("Строка 5. Фамилия: Сотрудника с таким именем нет")
    page.get_by_role("button", name="Импортировать", exact=True).click()
    expect(page.get_by_text("Данные загружены")).to_be_visible(timeout=30_000)
    given = clinic.denta.clinic.load(Service, clinic.ids[CONSULTATION]).doctors
    assert set(given) == {clinic.ids[ORLOVA], clinic.ids[BELOV]}


@pytest.mark.spec("XLS-10")
def test_what_is_no_workbook_is_refused_in_one_sentence(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/import")
    choose_file(page, "Список.xlsx", "Фамилия;Имя".encode())
    page.get_by_role("button", name="Импортировать данные из файла").click()
    expect(page.get_by_role("alert")).to_contain_text("Это не файл Excel")
    choose_file(page, "Пустой.xlsx", workbook(("Вес", "Рост")))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Импортировать данные из файла").click()
    expect(page.get_by_role("alert")).to_contain_text("нет заголовков из шаблона", timeout=30_000)
    expect(page.get_by_role("button", name="Импортировать", exact=True)).to_have_count(0)


@pytest.mark.spec("XLS-4", "XLS-11")
def test_unknown_columns_and_undecided_rows_are_reported(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/import")
    choose_file(page, "Тёзки.xlsx", workbook(("Фамилия", "Рост"), ("Тёзкина", "1"), ("Тёзкина", "2")))
    page.get_by_role("button", name="Импортировать данные из файла").click()
    expect(page.get_by_text("не загружаются: «Рост»")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Импортировать", exact=True).click()
    expect(page.get_by_text("Данные загружены")).to_be_visible(timeout=30_000)
    assert (count(page, "Создано"), count(page, "Без решения")) == (1, 1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать ошибки").click()
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)][-1] == (
        "Так же зовут в строке 2. Решение не принято, строка не загружена."
    )


def test_a_mended_file_of_the_same_name_is_chosen_once_more(room: Room, clinic: Clinic) -> None:
    """A browser tells of a choice only where it differs from what its field holds."""
    page = room.seat(MANAGER, "/settings/excel/import")
    choose_file(page, "Список.xlsx", b"broken")
    field = page.get_by_label("Файл Excel")
    assert field.evaluate("field => field.files.length") == 1
    with page.expect_file_chooser():
        page.get_by_role("button", name="Загрузить файл").click()
    assert field.evaluate("field => field.files.length") == 0
    expect(page.get_by_text("Список.xlsx")).to_be_visible()


@pytest.mark.spec("XLS-10")
def test_a_file_too_large_is_not_even_sent(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/import")
    page.evaluate("Object.defineProperty(File.prototype, 'size', { get: () => 50_000_001 })")
    choose_file(page, "Всё сразу.xlsx", workbook(("Фамилия",)))
    expect(page.get_by_role("alert")).to_contain_text("Файл больше 50 МБ")
    expect(page.get_by_role("button", name="Импортировать данные из файла")).to_be_disabled()


def test_chosen_catalogues_are_exported_as_an_archive(room: Room, clinic: Clinic) -> None:
    page = room.seat(MANAGER, "/settings/excel/export")
    page.get_by_label("Все справочники и документы").uncheck()
    expect(page.get_by_role("button", name="Выгрузить")).to_be_disabled()
    page.get_by_label("Пациенты").check()
    page.get_by_label("Визиты").check()
    page.get_by_label("Списания товаров").check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Выгрузить").click()
    with ZipFile(download.value.path()) as packed:
        assert packed.namelist() == ["Пациенты.xlsx", "Визиты.xlsx", "Списания товаров.xlsx"]
    page.reload()
    expect(page.get_by_label("Услуги")).not_to_be_checked()


def test_without_the_rights_neither_page_is_in_the_menu(room: Room, clinic: Clinic) -> None:
    page = room.seat(RECEPTIONIST, "/patients")
    expect(page.get_by_role("link", name="Визиты")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("MS Excel"))).to_have_count(0)
