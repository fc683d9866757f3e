"""Every column of the catalogues' sheets on its way into the clinic, out again, and back (XLS-4 … XLS-7, XLS-9)."""

from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import openpyxl
import pytest

from tests.api.excel_loading import Loading, events, sheet
from tests.api.world import Browser, World

pytestmark = pytest.mark.thorough

PATIENT = {
    "Фамилия": "Столбцова", "Имя": "Анна", "Отчество": "Петровна", "Телефон": "8 (916) 123-45-67",
    "Дополнительный телефон": "8 495 123-45-67, мама", "E-mail": "ANNA@pochta.ru", "Пол": "женский",
    "День рождения": "17.05.1990", "Город": "Москва", "Улица": "Лесная", "Дом": "5", "Квартира": 12, "Номер карты": "К-77",
    "Категории": "VIP; Дети, подростки", "Источник": "Реклама", "Комментарий": "Аллергия на лидокаин",
}  # fmt: skip
EMPLOYEE = {
    "Имя": "Пётр", "Фамилия": "Столбцов", "Отчество": "Ильич", "Должность": "Хирург", "Телефон": 9167654321,
    "E-mail": "stolbcov@klinika.ru", "День рождения": "17.05.1980", "Паспорт: серия и номер": "45 12 345678",
    "Паспорт: дата выдачи": "20.06.2012", "Паспорт: кем выдан": "ОВД «Лесной»", "ИНН": "500100732259",
    "Комментарий": "По вторникам", "Ведёт приём": "да",
}  # fmt: skip


def loaded(world: World, administrator: Browser, key: str, row: dict[str, Any]) -> UUID:
    """One new object by a file of these columns, in an order of their own."""
    headings = tuple(reversed(row))
    loading = Loading(world, administrator, key, sheet(headings, tuple(row[heading] for heading in headings)))
    assert [error for one in loading.rows("refused") for error in one["errors"]] == []
    loading.then("start")
    assert loading.counts["created"] == 1
    administrator.position = events(world)
    name = row.get("Фамилия") or row["Наименование"]
    found = administrator.get_ok(f"/api/{key}", **({} if key == "services" else {"q": name}))["items"]
    (id_,) = (one["id"] for one in found if name in {one.get("name"), one.get("family_name"), one.get("fields", {}).get("name")})
    return UUID(id_)


def export(administrator: Browser, key: str) -> bytes:
    """The catalogue's workbook."""
    answer = administrator.get("/api/excel/export.zip", params={"catalogues": [key]})
    with ZipFile(BytesIO(answer.content)) as packed:
        return packed.read(packed.namelist()[0])


def exported(administrator: Browser, key: str, id_: UUID) -> dict[str, Any]:
    """Heading → cell of an object's row, of the cells that hold something."""
    headings, *rows = openpyxl.load_workbook(BytesIO(export(administrator, key))).worksheets[0].values
    row = next(row for row in rows if row[0] == str(id_))
    return {heading: cell for heading, cell in zip(headings, row, strict=True) if cell is not None}


@pytest.fixture(scope="module")
def known_names(world: World) -> None:
    with world.browser("Администратор") as browser:
        for name in ("VIP", "Дети, подростки"):
            browser.do("POST", "/api/patient-categories", {"fields": {"name": name, "color": "#7a5b00"}}, expect=201)
        browser.do("POST", "/api/sources", {"fields": {"name": "Реклама"}}, expect=201)


@pytest.mark.spec("XLS-4")
def test_every_column_of_a_patient_is_loaded_and_exported(world: World, administrator: Browser, known_names: None) -> None:
    id_ = loaded(world, administrator, "patients", PATIENT)
    card = administrator.get_ok(f"/api/patients/{id_}")
    assert {name: card[name] for name in ("phone", "email", "sex", "birth_date")} == {
        "phone": "+79161234567", "email": "anna@pochta.ru", "sex": "female", "birth_date": "1990-05-17",
    }  # fmt: skip
    found = exported(administrator, "patients", id_)
    assert list(found) == ["ID", *PATIENT]
    assert found["День рождения"].date().isoformat() == "1990-05-17"
    assert [found[name] for name in ("Номер карты", "Источник", "Комментарий")] == ["К-77", "Реклама", "Аллергия на лидокаин"]
    assert set(found["Категории"].split("; ")) == {"VIP", "Дети, подростки"}
    assert {name: found[name] for name in ("Дополнительный телефон", "Город", "Улица", "Дом", "Квартира")} == {
        "Дополнительный телефон": "8 495 123-45-67, мама", "Город": "Москва", "Улица": "Лесная", "Дом": "5", "Квартира": "12",
    }  # fmt: skip


@pytest.mark.spec("XLS-4", "PAT-1")
def test_a_card_number_belongs_to_one_patient_and_what_is_unknown_is_refused_by_its_column(
    world: World, administrator: Browser, known_names: None
) -> None:
    columns = ("Фамилия", "№ карты", "Категория", "Источник", "Примечание")
    first = Loading(world, administrator, "patients", sheet(columns, ("Номерная", 9001, "vip", "реклама", "Первая")))
    first.then("start")
    rows = (
        ("Занятая", 9001, None, None, None),
        ("Новая", "9002", None, None, None),
        ("Повторная", "9002", None, None, None),
        ("Неведомая", None, "VIP; Никакие", "Нигде", None),
        ("Номерная", 9001, "VIP", "Реклама", "Первая"),
    )
    loading = Loading(world, administrator, "patients", sheet(columns, *rows))
    assert loading.counts == {"create": 1, "refused": 3, "unchanged": 1}
    assert [[error["column"] for error in row["errors"]] for row in loading.rows("refused")] == [
        ["Номер карты"],
        ["Номер карты"],
        ["Источник", "Категория"],
    ]
    loading.then("start")
    administrator.position = events(world)
    (patient,) = administrator.get_ok("/api/patients", q="Номерная")["items"]
    assert [category["name"] for category in patient["categories"]] == ["VIP"]
    first.then("undo")
    assert first.counts["undone"] == 1


@pytest.mark.spec("XLS-4")
@pytest.mark.parametrize("part", ["Фамилия", "Имя", "Отчество"])
def test_one_part_of_the_name_is_enough_for_a_patient_and_none_is_not(world: World, administrator: Browser, part: str) -> None:
    rows = ((f"Одночастный {part}", "м"), (None, "м"))
    loading = Loading(world, administrator, "patients", sheet((part, "Пол"), *rows))
    assert loading.counts == {"create": 1, "refused": 1}
    (refused,) = loading.rows("refused")
    assert [(error["row"], error["column"]) for error in refused["errors"]] == [(3, "Фамилия")]


@pytest.mark.spec("XLS-4")
def test_without_an_id_the_same_name_edits_the_patient_and_with_one_the_id_does(world: World, administrator: Browser) -> None:
    columns = ("ID", "Фамилия", "Имя", "Отчество", "Город", "День рождения")
    first = Loading(world, administrator, "patients", sheet(columns, (None, "Повторный", "Глеб", "Львович", "Тверь", "01.02")))
    first.then("start")
    administrator.position = events(world)
    (patient,) = administrator.get_ok("/api/patients", q="Повторный Глеб")["items"]
    by_name = Loading(world, administrator, "patients", sheet(columns, (None, "ПОВТОРНЫЙ", "Глеб", "Львович", "Клин", None)))
    (row,) = by_name.rows("edit")
    assert (row["object_id"], {change["label"]: change["new"] for change in row["changes"]}["Город"]) == (patient["id"], "Клин")
    by_id = Loading(world, administrator, "patients", sheet(columns, (patient["id"], "Другой", "Глеб", "Львович", "Тверь", None)))
    (row,) = by_id.rows("edit")
    assert [(change["label"], change["old"], change["new"]) for change in row["changes"]] == [
        ("Фамилия", "Повторный", "Другой"),
        ("День рождения", "01.02", ""),
    ]


@pytest.mark.spec("XLS-6")
def test_every_column_of_an_employee_is_loaded_and_exported(world: World, administrator: Browser) -> None:
    id_ = loaded(world, administrator, "employees", EMPLOYEE)
    card = administrator.get_ok(f"/api/employees/{id_}")
    passport = {name: card[name] for name in ("passport_number", "passport_issued_on", "passport_issued_by")}
    assert passport == {
        "passport_number": "4512345678", "passport_issued_on": "2012-06-20", "passport_issued_by": "ОВД «Лесной»",
    }  # fmt: skip
    found = exported(administrator, "employees", id_)
    assert set(found) == {"ID", *EMPLOYEE}
    assert found["Паспорт: серия и номер"] == "4512345678"
    assert found["Паспорт: дата выдачи"].date().isoformat() == "2012-06-20"
    assert (found["ИНН"], found["Комментарий"]) == ("500100732259", "По вторникам")
    assert (card["takes_visits"], found["Ведёт приём"]) == (True, "да")


@pytest.mark.spec("XLS-6")
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Паспорт: серия и номер", "45 12"),
        ("Паспорт: дата выдачи", "20.06"),
        ("Паспорт: дата выдачи", "весной"),
        ("Паспорт: дата выдачи", "20.06.2990"),
        ("ИНН", "123"),
    ],
)
def test_a_wrong_paper_of_an_employee_is_named_by_its_column(
    world: World, administrator: Browser, column: str, cell: str
) -> None:
    loading = Loading(world, administrator, "employees", sheet(("Фамилия", column), ("Бумагин", cell)))
    (refused,) = loading.rows("refused")
    assert [error["column"] for error in refused["errors"]] == [column]


GOODS = {
    "Наименование": "Столбцовое", "Категория": "Расходники", "Цена": 1500.5, "Единица измерения (продажа)": "штука",
    "Единица измерения (списание)": "Миллилитр", "Артикул": "С-1", "Комментарий": "В холодильнике",
}  # fmt: skip


COUNTERPARTY = {
    "Наименование": "ООО «Столбец»", "ИНН": 7707083893, "КПП": "770701001", "Адрес": "Москва, Лесная, 5",
    "Телефон": "8 495 123-45-67 доб. 2", "E-mail": "info@stolbec.ru", "Контактное лицо": "Смирнова", "Комментарий": "+7 и @все",
}  # fmt: skip
SERVICE = {
    "Наименование": "Столбцовая услуга", "Категория": "Терапия", "Цена": "1 500,50", "Единица измерения": "зуб",
    "Продолжительность": "00:40", "Использовать для онлайн-записи": "да",
}  # fmt: skip


@pytest.fixture(scope="module")
def category(world: World) -> None:
    with world.browser("Администратор") as browser:
        browser.do("POST", "/api/goods-categories", {"fields": {"name": "Расходники"}}, expect=201)
        browser.do("POST", "/api/service-categories", {"fields": {"name": "Терапия"}}, expect=201)


@pytest.mark.spec("XLS-5")
def test_every_column_of_goods_is_loaded_and_exported(world: World, administrator: Browser, category: None) -> None:
    id_ = loaded(world, administrator, "goods", GOODS)
    found = exported(administrator, "goods", id_)
    assert {heading.rstrip("*"): cell for heading, cell in found.items()} == {
        **GOODS, "ID": str(id_), "Единица измерения (списание)": "миллилитр", "Единиц списания в единице продажи": 1,
    }  # fmt: skip


@pytest.mark.spec("XLS-5")
@pytest.mark.parametrize("heading", ["Наименование", "Категория", "Цена", "Единица измерения (продажа)"])
def test_what_goods_need_is_asked_for(world: World, administrator: Browser, category: None, heading: str) -> None:
    row = {**GOODS, heading: None}
    loading = Loading(world, administrator, "goods", sheet(tuple(row), tuple(row.values())))
    (refused,) = loading.rows("refused")
    assert [error["column"] for error in refused["errors"]] == [heading]


@pytest.mark.spec("XLS-5")
def test_the_third_unit_of_another_program_is_the_unit_of_writing_off(
    world: World, administrator: Browser, category: None
) -> None:
    columns = ("Наименование", "Категория", "Цена", "Единица измерения (продажа)", "Единица измерения (списание)",
               "Единица измерения")  # fmt: skip
    rows = [
        ("Третье одно", "Расходники", 1, "штука", None, "зуб"),
        ("Третье вместе", "Расходники", 1, "штука", "зуб", "Зуб"),
        ("Третье другое", "Расходники", 1, "штука", "зуб", "минута"),
        ("Третье никакое", "Расходники", 1, "штука", None, "ведро"),
        ("Третьего нет", "Расходники", 1, "штука", "минута", None),
    ]
    loading = Loading(world, administrator, "goods", sheet(columns, *rows))
    units = {
        row["title"]: {change["label"]: change["new"] for change in row["changes"]}["Единица измерения (списание)"]
        for row in loading.rows("create")
    }
    assert units == {"Третье одно": "зуб", "Третье вместе": "зуб", "Третьего нет": "минута"}
    refused = {row["title"]: [error["column"] for error in row["errors"]] for row in loading.rows("refused")}
    assert refused == {"Третье другое": ["Единица измерения"], "Третье никакое": ["Единица измерения"]}
    alone = sheet((*columns[:4], columns[5]), (*rows[0][:4], "зуб"))
    loading = Loading(world, administrator, "goods", alone)
    assert {"label": "Единица измерения (списание)", "old": "", "new": "зуб"} in loading.rows("create")[0]["changes"]


@pytest.mark.spec("XLS-9")
@pytest.mark.parametrize(
    ("key", "row", "edit"),
    [
        ("patients", {**PATIENT, "Фамилия": "Обратнова", "Номер карты": "К-78", "Телефон": "9161234568"}, ("Категории", "VIP")),
        ("goods", {**GOODS, "Наименование": "Обратное"}, ("Единица измерения (списание)", "минута")),
        ("employees", {**EMPLOYEE, "Фамилия": "Обратнов"}, ("Паспорт: кем выдан", "ОВД «Дальний»")),
        ("services", {**SERVICE, "Наименование": "Обратная услуга"}, ("Продолжительность", "01:00")),
        ("counterparties", {**COUNTERPARTY, "Наименование": "ООО «Обратно»"}, ("КПП", "770701002")),
    ],
)
def test_a_full_row_exported_and_loaded_back_changes_just_what_was_edited(
    world: World, administrator: Browser, category: None, known_names: None, key: str, row: dict[str, Any], edit: tuple[str, str]
) -> None:
    id_ = loaded(world, administrator, key, row)
    assert {heading.rstrip("*") for heading in exported(administrator, key, id_)} >= row.keys()
    content, before = export(administrator, key), events(world)
    back = Loading(world, administrator, key, content)
    back.then("start")
    assert (set(back.counts), back.now["state"], events(world)) == ({"unchanged"}, "imported", before)

    book = openpyxl.load_workbook(BytesIO(content))
    headings = [str(cell.value).rstrip("*") for cell in book.worksheets[0][1]]
    line = next(line for line in book.worksheets[0].iter_rows() if line[0].value == str(id_))
    line[headings.index(edit[0])].value = edit[1]
    target = BytesIO()
    book.save(target)
    edited = Loading(world, administrator, key, target.getvalue())
    (change,) = edited.rows("edit")[0]["changes"]
    assert (change["label"], change["new"]) == edit
    edited.then("start")
    assert (edited.counts["edited"], events(world)) == (1, before + 1)


@pytest.mark.spec("XLS-6", "XLS-9")
def test_a_position_is_that_of_the_catalogue_or_written_freely(world: World, administrator: Browser) -> None:
    surgeon = administrator.do("POST", "/api/positions", {"fields": {"name": "Хирург-имплантолог"}}, expect=201)["id"]
    columns = ("Фамилия", "Должность")
    rows = (("Имплантов", "хирург-имплантолог"), ("Вольнов", "Помощник хирурга"))
    loading = Loading(world, administrator, "employees", sheet(columns, *rows))
    assert [row["changes"][1]["new"] for row in loading.rows("create")] == ["Хирург-имплантолог", "Помощник хирурга"]
    loading.then("start")
    administrator.position = events(world)
    ids = [administrator.get_ok("/api/employees", q=name)["items"][0]["id"] for name, _ in rows]
    cards = [administrator.get_ok(f"/api/employees/{id_}") for id_ in ids]
    assert [(card["position_id"], card["written_position"]) for card in cards] == [(surgeon, ""), (None, "Помощник хирурга")]
    assert exported(administrator, "employees", UUID(ids[0]))["Должность"] == "Хирург-имплантолог"

    other = Loading(world, administrator, "employees", sheet(("ID", "Должность"), (ids[0], "Ортодонт"), (ids[1], None)))
    assert [row["changes"] for row in other.rows("edit")] == [
        [{"label": "Должность", "old": "Хирург-имплантолог", "new": "Ортодонт"}],
        [{"label": "Должность", "old": "Помощник хирурга", "new": ""}],
    ]
    other.then("start")
    other.then("undo")
    assert other.counts["undone"] == 2
    administrator.position = events(world)
    assert administrator.get_ok(f"/api/employees/{ids[0]}")["position_id"] == surgeon


@pytest.mark.spec("XLS-9")
def test_an_entry_that_was_deleted_since_stays_where_it_is_and_is_chosen_by_nobody(
    world: World, administrator: Browser, category: None
) -> None:
    gone = administrator.do("POST", "/api/goods-categories", {"fields": {"name": "Прежняя"}}, expect=201)
    id_ = loaded(world, administrator, "goods", {**GOODS, "Наименование": "Прежнее", "Категория": "Прежняя"})
    administrator.do("POST", f"/api/goods-categories/{gone['id']}/delete", version=gone["version"])
    columns = ("ID", "Категория", "Цена")
    loading = Loading(world, administrator, "goods", sheet(columns, (str(id_), "Прежняя", 5), (None, "Прежняя", 5)))
    assert [change["label"] for change in loading.rows("edit")[0]["changes"]] == ["Цена"]
    assert "Категория" in {error["column"] for error in loading.rows("refused")[0]["errors"]}
    loading.then("start")
    assert loading.counts["edited"] == 1
