"""Templates and exports as the people get them: archives of workbooks with typed cells."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from aggregates.catalogues import Counterparty, Goods, GoodsCategory, Unit, first_entry_id
from commands import catalogue
from commands.people import patient as patient_commands
from services.excel.reading import Workbook
from tests.api.world import MONDAY, Browser, World, new_visit

pytestmark = pytest.mark.thorough


def books(content: bytes) -> dict[str, BytesIO]:
    with ZipFile(BytesIO(content)) as packed:
        return {name: BytesIO(packed.read(name)) for name in packed.namelist()}


def exported(browser: Browser, *what: str, **period: str) -> dict[str, BytesIO]:
    answer = browser.get("/api/excel/export.zip", params={"catalogues": list(what), **period})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    return books(answer.content)


def cells(file: BytesIO) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()]


@pytest.fixture(scope="module")
def furnished(world: World) -> World:
    """Goods, a counterparty, a patient whose texts look like formulas."""
    clinic, context = world.denta.clinic, world.context
    category = catalogue.create_entry(clinic, context("create_entry"), GoodsCategory, {"name": "Расходники"}).id
    card = {
        "name": "=1+1", "category": str(category), "price": "1500.5", "sale_unit": str(first_entry_id(Unit, "штука")),
        "article": "+7", "factor": "0.5",
    }  # fmt: skip
    catalogue.create_entry(clinic, context("create_entry"), Goods, card)
    catalogue.create_entry(clinic, context("create_entry"), Counterparty, {"name": "ООО «Ёлка»", "inn": "7707083893"})
    fields = {"family_name": "Ёлкин", "given_name": "@SUM(A1)", "birth_date": "1990-05-17", "sex": "male", "phone": "9160000001"}
    done = patient_commands.create_card(clinic, context("create_card"), fields)
    with world.browser("Администратор") as browser:
        browser.position = done.position
        assert browser.get_ok("/api/patients", q="Ёлкин")["total"] == 1
    return world


@pytest.mark.spec("XLS-8")
def test_chosen_catalogues_come_as_workbooks_of_one_archive(furnished: World, administrator: Browser) -> None:
    keys = ("patients", "goods", "employees", "services", "counterparties")
    found = exported(administrator, *keys, "visits")
    assert list(found) == [f"{title}.xlsx" for title in ("Пациенты", "Товары", "Сотрудники", "Услуги", "Контрагенты", "Визиты")]
    assert list(exported(administrator, "services")) == ["Услуги.xlsx"]
    heading, service = cells(found["Услуги.xlsx"])
    assert heading == [
        "ID", "Наименование*", "Категория*", "Цена*", "Единица измерения*", "Продолжительность*",
        "Использовать для онлайн-записи",
    ]  # fmt: skip
    assert service[1:] == ["Осмотр", None, 1500, None, "00:30", "нет"]


@pytest.mark.spec("XLS-10")
def test_text_stays_text_and_dates_and_sums_are_typed(furnished: World, administrator: Browser) -> None:
    found = exported(administrator, "patients", "goods")
    sheet = openpyxl.load_workbook(found["Товары.xlsx"]).worksheets[0]
    name, category, price, unit, _, factor, article = (sheet.cell(2, column) for column in range(2, 9))
    assert (name.value, name.data_type, article.value, article.data_type) == ("=1+1", "s", "+7", "s")
    assert (category.value, price.value, price.data_type, unit.value, factor.value) == ("Расходники", 1500.5, "n", "штука", 0.5)
    patients = openpyxl.load_workbook(found["Пациенты.xlsx"]).worksheets[0]
    row = next(row for row in patients.iter_rows() if row[1].value == "Ёлкин")
    headings = [cell.value for cell in patients[1]]
    assert {name: cell.data_type for name, cell in zip(headings, row, strict=True) if cell.value is not None} == {
        "ID": "s", "Фамилия": "s", "Имя": "s", "Телефон": "s", "Пол": "s", "День рождения": "d", "Номер карты": "s",
    }  # fmt: skip
    assert row[2].value == "@SUM(A1)"
    with ZipFile(found["Пациенты.xlsx"]) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


@pytest.mark.spec("XLS-8")
def test_documents_are_exported_for_a_period_or_for_all_time(furnished: World, administrator: Browser) -> None:
    administrator.do("POST", "/api/visits", new_visit(furnished), expect=201)
    day = MONDAY.isoformat()
    of_day = cells(exported(administrator, "visits", **{"from": day, "to": day})["Визиты.xlsx"])
    assert [cell.isoformat() for cell in of_day[1][1:3]] == [f"{day}T10:00:00", f"{day}T10:30:00"]
    assert [of_day[1][column] for column in (4, 6, 7, 8, 9, 10)] == ["Иванова", "Соколов Пётр", "Осмотр", "", 0, 1500]
    assert len(of_day) == 2
    assert len(cells(exported(administrator, "visits")["Визиты.xlsx"])) == 2
    assert len(cells(exported(administrator, "visits", **{"from": "2020-01-01", "to": "2020-01-02"})["Визиты.xlsx"])) == 1


@pytest.mark.spec("XLS-1")
def test_a_template_says_by_itself_how_it_is_filled(furnished: World, administrator: Browser) -> None:
    answer = administrator.get("/api/excel/templates/goods")
    assert answer.status_code == 200
    ((name, file),) = books(answer.content).items()
    assert name == "Шаблон – Товары.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "ID", "Наименование*", "Категория*", "Цена*", "Единица измерения (продажа)*", "Единица измерения (списание)",
        "Единиц списания в единице продажи", "Артикул", "Комментарий",
    ]  # fmt: skip
    assert "рублях" in sheet["D1"].comment.text
    assert sheet["A2"].value.startswith("Пример:")
    assert sheet.column_dimensions["D"].width > 8
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden"]
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists == {"C2": "'Списки'!$A$1:$A$1", "E2": "'Списки'!$B$1:$B$5", "F2": "'Списки'!$C$1:$C$5"}
    assert [cell.value for cell in book.worksheets[1][1]] == ["Расходники", "зуб", "зуб"]


@pytest.mark.spec("XLS-4")
def test_a_birthday_typed_without_its_year_gets_none_from_excel(furnished: World, administrator: Browser) -> None:
    """In a column of dates Excel makes «17.05» a day of this year; a whole date in it stays a date."""
    ((_, template),) = books(administrator.get("/api/excel/templates/patients").content).items()
    for file in (template, exported(administrator, "patients")["Пациенты.xlsx"]):
        book = openpyxl.load_workbook(file)
        sheet = book.worksheets[0]
        (column,) = (cell.column for cell in sheet[1] if cell.value == "День рождения")
        assert sheet.column_dimensions[get_column_letter(column)].number_format == "@"


@pytest.mark.spec("XLS-1")
@pytest.mark.parametrize("key", ["patients", "goods", "employees", "services", "counterparties"])
def test_every_template_is_read_by_our_own_reader(key: str, furnished: World, administrator: Browser) -> None:
    """The hidden sheet of choices is none to be loaded from."""
    ((_, file),) = books(administrator.get(f"/api/excel/templates/{key}").content).items()
    found = Workbook(file)
    rows = list(found.rows(found.sheets[0]))
    assert rows[0].cells[0] == "ID"
    assert len(rows) == 2


@pytest.mark.spec("XLS-7")
def test_a_counterparty_has_these_columns(furnished: World, administrator: Browser) -> None:
    ((_, file),) = books(administrator.get("/api/excel/templates/counterparties").content).items()
    headings = ["ID", "Наименование*", "ИНН", "КПП", "Адрес", "Телефон", "E-mail", "Контактное лицо", "Комментарий"]
    assert cells(file)[0] == headings


@pytest.mark.parametrize("path", ["/api/excel/export.zip?catalogues=patients", "/api/excel/templates/patients"])
def test_without_the_right_nothing_is_exported(world: World, path: str, receptionist: Browser) -> None:
    assert receptionist.get(path).status_code == 403
