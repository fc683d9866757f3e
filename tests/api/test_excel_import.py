"""The whole way of a file into the clinic, as people with the right go it: dry run, decisions, loading, taking back."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import openpyxl
import pytest

from aggregates.catalogues import Goods, GoodsCategory, Unit, first_entry_id
from commands import catalogue
from services.excel import loading as excel_loading
from tests.api.excel_loading import Loading, events, sheet, workbook
from tests.api.world import PASSWORD, Browser, World

pytestmark = pytest.mark.thorough

PATIENTS = ("ID", "Фамилия", "Имя", "Отчество", "Телефон", "Пол", "День рождения")


@pytest.fixture(scope="module")
def category(world: World) -> UUID:
    return catalogue.create_entry(world.denta.clinic, world.context("create_entry"), GoodsCategory, {"name": "Расходники"}).id


@pytest.fixture
def gloves(world: World, category: UUID) -> UUID:
    card = {"name": "Перчатки", "category": str(category), "price": "500", "sale_unit": str(first_entry_id(Unit, "штука"))}
    return catalogue.create_entry(world.denta.clinic, world.context("create_entry"), Goods, card).id


GOODS = ("Цена*", "id", "наименование", "Категория", "Единица измерения  (продажа)", "Артикул")


def of_goods(gloves: UUID) -> bytes:
    return sheet(
        GOODS,
        (1200.5, None, "Пломба", "расходники ", "Штука", "П-1"),
        ("550,00", str(gloves), "Перчатки", "Расходники", "штука", None),
        ("дорого", None, "Бор", "Неведомые", "штука", None),
        (None, None, None, None, None, None),
        (500, None, None, "Расходники", "штука", None),
        (7, "123", "Маска", "Расходники", "штука", None),
    )


@pytest.mark.spec("XLS-1", "XLS-2", "XLS-11")
def test_the_dry_run_lists_what_would_be_created_changed_and_refused(world: World, administrator: Browser, gloves: UUID) -> None:
    before = events(world)
    loading = Loading(world, administrator, "goods", of_goods(gloves))
    assert loading.now["state"] == "checked"
    assert loading.counts == {"create": 1, "edit": 1, "refused": 3}
    assert [(row["row"], row["title"]) for row in loading.rows("create")] == [(2, "Пломба")]
    (edit,) = loading.rows("edit")
    assert (edit["row"], edit["object_id"]) == (3, str(gloves))
    assert edit["changes"] == [{"label": "Цена", "old": "500,00", "new": "550,00"}]
    refused = {row["row"]: [(error["column"], error["reason"]) for error in row["errors"]] for row in loading.rows("refused")}
    assert [column for column, _ in refused[4]] == ["Категория", "Цена"]
    assert "«Неведомые» нет в справочнике" in refused[4][0][1]
    assert refused[6] == [("Наименование", "Заполните эту ячейку.")]
    assert refused[7][0][0] == "ID"
    assert events(world) == before


@pytest.mark.spec("XLS-1", "XLS-2")
def test_good_rows_are_loaded_and_bad_ones_are_reported_as_a_file(world: World, administrator: Browser, gloves: UUID) -> None:
    loading = Loading(world, administrator, "goods", of_goods(gloves))
    loading.then("start")
    assert loading.now["state"] == "imported"
    assert {name: loading.counts[name] for name in ("created", "edited", "refused")} == {"created": 1, "edited": 1, "refused": 3}
    assert world.denta.clinic.load(Goods, gloves).card["price"] == "550.00"
    administrator.position = events(world)
    (filling,) = administrator.get_ok("/api/goods", q="Пломба")["items"][:1]
    assert (filling["fields"]["price"], filling["names"]["category"], filling["fields"]["article"]) == (
        "1200.50",
        "Расходники",
        "П-1",
    )
    answer = administrator.get(f"{loading.path}/errors.xlsx")
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows()]
    assert lines[0] == ["Строка", "Запись", "Столбец", "Причина", *GOODS]
    assert [(line[0], line[2]) for line in lines[1:]] == [
        (4, "Категория, Цена"),
        (6, "Наименование"),
        (7, "ID"),
    ]


@pytest.mark.spec("XLS-4")
def test_the_same_phone_and_birth_date_wait_for_a_decision_whatever_the_name(world: World, administrator: Browser) -> None:
    first = sheet(
        PATIENTS,
        (None, "Вписанова", "Анна", None, "8 916 700-00-01", None, "17.05.1990"),
        (None, "Девичья", "Вера", None, "8 916 700-00-03", None, "1.02.1985"),
    )
    Loading(world, administrator, "patients", first).then("start")
    again = Loading(
        world,
        administrator,
        "patients",
        sheet(
            PATIENTS,
            (None, "Записанова", "Анна", None, "+7 916 700-00-01", None, "17.05.1990"),
            (None, "Вписaнова", "Aннa", None, "9167000001", None, "17.05.1990"),  # the same one, in other letters
            (None, "Другая", "Анна", None, "8 916 700-00-01", None, "18.05.1990"),
            (None, "Новая", "Анна", None, "8 916 700-00-02", None, "01.01.2000"),
            (None, "Новая-Старая", "Анна", None, "8 916 700-00-02", None, "01.01.2000"),
            (None, "Замужняя", "Вера", None, "8 916 700-00-03", None, "01.02.1985"),
        ),
    )
    undecided = {row["row"]: (row["editable"], row["errors"][0]["reason"]) for row in again.rows("needs_decision")}
    assert undecided == {
        2: (False, "С этим телефоном и датой рождения уже есть Вписанова Анна."),  # whom row 3 edits
        6: (False, "Тот же телефон и дата рождения в строке 5."),
        7: (True, "С этим телефоном и датой рождения уже есть Девичья Вера."),
    }
    assert [row["row"] for row in again.rows("edit")] == [3]
    assert [row["row"] for row in again.rows("create")] == [4, 5]


@pytest.mark.spec("XLS-4")
def test_namesakes_whose_phone_or_birthday_differs_wait_for_a_decision(world: World, administrator: Browser) -> None:
    first = Loading(
        world, administrator, "patients",
        sheet(PATIENTS, (None, "Ёжиков", "Пётр", None, "8 (916) 111-11-11", "м", "17.05.1990"),
              (None, "Ёжикова", "Анна", None, None, "ж", None), (None, "Тёзкин", "Иван", None, None, None, None),
              (None, "Тёзкин", "Иван", None, 79161111111, None, None)),
    )  # fmt: skip
    assert first.counts == {"create": 3, "needs_decision": 1}
    first.then("decisions", {"decision": "skip"})
    first.then("start")
    assert first.counts["created"] == 3
    administrator.position = events(world)
    assert administrator.get_ok("/api/patients", q="Ёжиков Пётр")["items"][0]["birth_date"] == "1990-05-17"

    again = Loading(
        world, administrator, "patients",
        sheet(PATIENTS, (None, "ежиков", "Петр", None, "+7 916 222-22-22", None, None),
              (None, "Ёжикова", "Анна", None, 9163333333, None, 17.05),
              (None, "Тёзкин", "Иван", None, None, "мужской", None)),
    )  # fmt: skip
    (undecided,) = again.rows("needs_decision")
    assert (undecided["row"], undecided["editable"], undecided["errors"]) == (
        2, True, [
            {"sheet": "", "row": 2, "column": "Телефон", "reason": "У человека с таким именем сейчас +79161111111."}
        ],
    )  # fmt: skip
    assert [(row["row"], [change["new"] for change in row["changes"]]) for row in again.rows("edit")] == [
        (3, ["+79163333333", "17.05"]),
        (4, ["мужской"]),
    ]
    again.then("start")
    assert {name: again.counts.get(name, 0) for name in ("created", "edited", "needs_decision", "decided")} == {
        "created": 0, "edited": 2, "needs_decision": 1, "decided": 0,
    }  # fmt: skip
    assert [(row["row"], row["done"]) for row in again.rows("errors")] == [(2, None)]

    third = Loading(world, administrator, "patients", sheet(PATIENTS, (None, "Ёжиков", "Пётр", None, "9162222222", None, None)))
    third.then("decisions", {"decision": "create", "rows": [2]})
    third.then("start")
    administrator.position = events(world)
    assert sorted(one["phone"] for one in administrator.get_ok("/api/patients", q="Ёжиков Пётр")["items"]) == [
        "+79161111111",
        "+79162222222",
    ]
    fourth = Loading(world, administrator, "patients", sheet(PATIENTS, (None, "Ёжиков", "Пётр", None, None, "м", None)))
    assert "несколько" in fourth.rows("refused")[0]["errors"][0]["reason"]


@pytest.mark.spec("XLS-10", "XLS-11")
def test_a_date_with_a_time_waits_for_a_decision_and_beside_midnight_is_its_day(world: World, administrator: Browser) -> None:
    columns = ("ID", "Фамилия", "Дата рождения")
    rows = [
        (None, "Полуночный", datetime(1990, 5, 16, 23, 59, 16)),  # noqa: DTZ001  a wall clock
        (None, "Гринвичский", datetime(1990, 5, 16, 21)),  # noqa: DTZ001
        (None, "Полуденный", "16.05.1990 14:37"),
    ]
    loading = Loading(world, administrator, "patients", sheet(columns, *rows))
    assert loading.counts == {"create": 1, "needs_decision": 2}
    assert loading.rows("create")[0]["changes"][1]["new"] == "17.05.1990"
    undecided = loading.rows("needs_decision")
    assert [(row["title"], row["changes"][1]["new"], row["errors"][0]["column"]) for row in undecided] == [
        ("Гринвичский", "17.05.1990", "Дата рождения"),
        ("Полуденный", "16.05.1990", "Дата рождения"),
    ]
    assert "загрузится 17.05.1990" in undecided[0]["errors"][0]["reason"]
    loading.then("decisions", {"decision": "create", "rows": [3]})
    loading.then("start")
    administrator.position = events(world)
    (patient,) = administrator.get_ok("/api/patients", q="Гринвичский")["items"]
    assert patient["birth_date"] == "1990-05-17"
    assert administrator.get_ok("/api/patients", q="Полуденный")["total"] == 0

    # the same file again says nothing new of her; by her ID another day is a doubt, and no reason for a second card
    same = Loading(world, administrator, "patients", sheet(columns, *rows[:2]))
    assert same.counts == {"unchanged": 2}
    by_id = Loading(world, administrator, "patients", sheet(columns, (patient["id"], "Гринвичский", "17.05.1990 21:00")))
    (row,) = by_id.rows("needs_decision")
    assert (row["editable"], row["creatable"]) == (True, False)
    refused = administrator.post(f"{by_id.path}/decisions", json={"decision": "create"})
    assert (refused.status_code, by_id.counts) == (409, {"needs_decision": 1})
    by_id.then("decisions", {"decision": "edit"})
    by_id.then("start")
    administrator.position = events(world)
    assert administrator.get_ok(f"/api/patients/{patient['id']}")["birth_date"] == "1990-05-18"


@pytest.mark.spec("XLS-4", "XLS-11")
def test_a_column_of_full_names_is_split_and_the_dry_run_says_so(world: World, administrator: Browser) -> None:
    rows = [
        ("Разделова Анна Петровна", "8 916 700-00-01"),
        ("Мамедов-Разделов Вели Гасан оглы", None),
        ("Разделов И. П.", None),
        ("Итого", 3),
    ]
    loading = Loading(
        world, administrator, "patients", sheet(("Ф.И.О.", "Моб. телефон", "Сотовый телефон"), *((a, None, b) for a, b in rows))
    )
    assert loading.now["notes"] == ["Столбец «ФИО» разобран на фамилию, имя и отчество. Проверьте, как они разделились."]
    assert loading.counts == {"create": 2, "needs_decision": 1, "refused": 1}
    assert [[change["new"] for change in row["changes"]] for row in loading.rows("create")] == [
        ["Разделова", "Анна", "Петровна", "+79167000001"],
        ["Мамедов-Разделов", "Вели", "Гасан оглы"],
    ]
    (undecided,) = loading.rows("needs_decision")
    assert (undecided["errors"][0]["column"], undecided["title"]) == ("ФИО", "Разделов И. П.")
    assert "итогов" in loading.rows("refused")[0]["errors"][0]["reason"]
    loading.then("start")
    again = Loading(world, administrator, "patients", sheet(("Пациент", "Телефон"), rows[0], ("Разделов Вели", "89167000002")))
    assert again.counts == {"unchanged": 1, "create": 1}
    short = sheet(("ФИО", "Моб. тел.", "эл. почта"), ("Кратких Анна", "8 916 700-00-09", "a@kratkih.ru"))
    assert not Loading(world, administrator, "patients", short).now["ignored"]
    both = sheet(("ФИО", "Фамилия"), ("Разделова Анна", "Разделова"), ("Иной Пётр", "Другой"))
    split = Loading(world, administrator, "patients", both)
    assert [row["title"] for row in split.rows("needs_decision")] == ["Разделова", "Другой"]
    staff = Loading(world, administrator, "employees", sheet(("Сотрудник", "Должность"), ("Разделов Пётр Ильич", "Хирург")))
    assert [change["new"] for change in staff.rows("create")[0]["changes"]][:3] == ["Разделов", "Пётр", "Ильич"]


@pytest.mark.spec("XLS-1")
def test_what_is_typed_over_the_example_of_the_template_is_loaded(world: World, administrator: Browser) -> None:
    answer = administrator.get("/api/excel/templates/patients")
    with ZipFile(BytesIO(answer.content)) as packed:
        template = packed.read(packed.namelist()[0])
    book = openpyxl.load_workbook(BytesIO(template))
    lines, target = book["Пациенты"], BytesIO()
    headings = [cell.value for cell in lines[1]]
    book.save(target)
    assert Loading(world, administrator, "patients", target.getvalue()).counts == {}
    for heading in headings[1:]:
        lines.cell(2, headings.index(heading) + 1).value = None
    for heading, value in {"Фамилия": "Поверхова", "Имя": "Ольга"}.items():
        lines.cell(2, headings.index(heading) + 1).value = value
    target = BytesIO()
    book.save(target)
    assert Loading(world, administrator, "patients", target.getvalue()).counts == {"create": 1}
    lines.cell(2, headings.index("E-mail") + 1).value = "anna@pochta.ru"
    target = BytesIO()
    book.save(target)
    (undecided,) = Loading(world, administrator, "patients", target.getvalue()).rows("needs_decision")
    assert [error["column"] for error in undecided["errors"]] == ["E-mail"]


@pytest.mark.spec("XLS-1", "XLS-10")
def test_a_file_of_another_catalogue_is_named_in_one_sentence(world: World, administrator: Browser, gloves: UUID) -> None:
    keys = ["patients", "goods", "employees", "services"]
    answer = administrator.get("/api/excel/export.zip", params={"catalogues": keys})
    titles = {"patients": "Пациенты", "goods": "Товары", "employees": "Сотрудники", "services": "Услуги"}
    with ZipFile(BytesIO(answer.content)) as packed:
        files = {key: packed.read(f"{title}.xlsx") for key, title in titles.items()}
    for key, content in files.items():
        for chosen in {*keys, "counterparties"} - {key}:
            job = Loading(world, administrator, chosen, content).now
            assert (job["state"], f"«{titles[key]}», а выбран" in job["problem"]) == ("refused", True), (key, chosen)
    # without a name that tells, the headings do
    renamed = sheet(("Фамилия", "Имя", "День рождения", "Пол", "Телефон"), ("Иной", "Пётр", None, "м", None))
    assert "«Пациенты», а выбран справочник «Услуги»" in Loading(world, administrator, "services", renamed).now["problem"]
    # and where it may be both, it is said and nobody kept from it
    both = Loading(world, administrator, "employees", renamed)
    assert (both.counts, both.now["notes"]) == ({"create": 1}, [])
    wider = sheet(("Фамилия", "Имя", "День рождения", "Пол", "Город", "Улица"), ("Иной", "Пётр", None, "м", "Уфа", None))
    doubtful = Loading(world, administrator, "employees", wider)
    assert doubtful.counts == {"create": 1}
    assert "«Пациенты»" in doubtful.now["notes"][0]
    nothing = Loading(world, administrator, "services", sheet(("Вес", "Рост"), (1, 2)))
    assert "Там: «Вес», «Рост». Нужны: «ID», «Наименование», «Категория»" in nothing.now["problem"]


def errors_of(loading: Loading) -> bytes:
    answer = loading.browser.get(f"{loading.path}/errors.xlsx")
    assert answer.status_code == 200
    return answer.content


@pytest.mark.spec("XLS-1", "XLS-11")
def test_the_file_of_errors_holds_whole_rows_and_is_loaded_again_when_corrected(world: World, administrator: Browser) -> None:
    columns = ("ФИО", "Мобильный телефон", "Дата рождения", "Любимый цвет", "Комментарий")
    rows = [
        ("Целова Анна Петровна", "89167010001", "17.05.1990", "синий", "Хорошая"),
        ("Целов Пётр Ильич", "8 916", datetime(1990, 5, 17), "красный", "Плохой телефон"),  # noqa: DTZ001  a wall clock
        ("Целов И. И.", 89167010003, "16.05.1985 21:00", None, None),
    ]
    loading = Loading(world, administrator, "patients", sheet(columns, *rows))
    assert loading.counts == {"create": 1, "refused": 1, "needs_decision": 1}
    loading.then("start")
    book = openpyxl.load_workbook(BytesIO(errors_of(loading)))
    assert book.sheetnames == ["Пациенты"]
    headings, *lines = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    assert headings == ["Строка", "Запись", "Столбец", "Причина", *columns]
    assert [line[:3] for line in lines] == [
        [3, "Целов Пётр Ильич", "Телефон"],
        [4, "Целов И. И.", "ФИО, Дата рождения"],
    ]
    assert lines[0][4:] == ["Целов Пётр Ильич", "8 916", "17.05.1990", "красный", "Плохой телефон"]
    assert lines[1][4:7] == ["Целов И. И.", 89167010003, "16.05.1985 21:00"]
    for line, (name, phone, born) in enumerate(
        (("Целов Пётр Ильич", "89167010002", "17.05.1990"), ("Целов Иван Ильич", 89167010003, "17.05.1985")), 2
    ):
        for column, value in zip("EFG", (name, phone, born), strict=True):
            book.worksheets[0][f"{column}{line}"] = value
    corrected = BytesIO()
    book.save(corrected)
    again = Loading(world, administrator, "patients", corrected.getvalue())
    assert (again.counts, again.now["ignored"]) == ({"create": 2}, ["Любимый цвет"])
    again.then("start")
    assert again.counts["created"] == 2


@pytest.mark.spec("XLS-1", "XLS-3")
def test_the_file_of_errors_keeps_the_doctors_of_a_service_together(world: World, administrator: Browser) -> None:
    administrator.do("POST", "/api/service-categories", {"fields": {"name": "Ошибочные"}}, expect=201)
    for name in ("Целикова", "Целиков"):
        administrator.do("POST", "/api/employees", {"family_name": name, "takes_visits": True}, expect=201)
    administrator.position = events(world)
    services = (
        ("Наименование", "Категория", "Единица измерения", "Цена", "Продолжительность"),
        ("Верная", "Ошибочные", "штука", 100, "00:20"),
        ("Неверная", "Ошибочные", "штука", "дорого", "00:20"),
    )
    doctors = (
        ("Фамилия", "Услуга"),
        ("Целикова", "Верная"),
        ("Целикова", "Неверная"),
        ("Целиков", "Неверная"),
        ("Целиков", "Чужая"),
    )
    loading = Loading(world, administrator, "services", workbook({"Услуги": services, "Врачи": doctors}))
    loading.then("start")
    book = openpyxl.load_workbook(BytesIO(errors_of(loading)))
    first, second = ([[cell.value for cell in line] for line in sheet_.iter_rows()] for sheet_ in book.worksheets)
    assert book.sheetnames == ["Услуги", "Врачи"]
    assert [line[5:9] for line in first[1:]] == [["Неверная", "Ошибочные", "штука", "дорого"], [None] * 4]
    assert second[1:] == [["Целикова", "Неверная"], ["Целиков", "Неверная"], ["Целиков", "Чужая"]]
    book["Услуги"]["I2"] = 200
    book["Услуги"].delete_rows(3)
    book["Врачи"].delete_rows(4)
    corrected = BytesIO()
    book.save(corrected)
    again = Loading(world, administrator, "services", corrected.getvalue())
    (row,) = again.rows("create")
    assert {change["label"]: change["new"] for change in row["changes"]}["Врачи"] == "Целиков, Целикова"
    again.then("start")
    assert again.counts["created"] == 1


@pytest.mark.spec("XLS-9")
def test_an_export_loaded_back_changes_nothing_and_edited_changes_what_differs(
    world: World, administrator: Browser, gloves: UUID
) -> None:
    keys = ["patients", "goods", "employees", "services", "counterparties"]
    administrator.position = events(world)
    answer = administrator.get("/api/excel/export.zip", params={"catalogues": keys})
    before = events(world)
    with ZipFile(BytesIO(answer.content)) as packed:
        files = dict(zip(keys, (packed.read(name) for name in packed.namelist()), strict=True))
    for key, content in files.items():
        loading = Loading(world, administrator, key, content)
        assert loading.now["state"] == "checked"
        assert set(loading.counts) <= {"unchanged"}
        assert loading.counts.get("unchanged", 0) > 0 or key == "counterparties"
        loading.then("start")
    assert events(world) == before
    book = openpyxl.load_workbook(BytesIO(files["goods"]))
    row = next(row for row in book.worksheets[0].iter_rows() if row[0].value == str(gloves))
    row[3].value = 600
    edited = BytesIO()
    book.save(edited)
    loading = Loading(world, administrator, "goods", edited.getvalue())
    loading.then("start")
    assert loading.counts["edited"] == 1
    assert events(world) == before + 1
    assert world.denta.clinic.load(Goods, gloves).card["price"] == "600.00"


@pytest.mark.spec("XLS-11")
def test_a_loading_is_taken_back_as_a_whole_but_for_what_was_changed_later(
    world: World, administrator: Browser, gloves: UUID
) -> None:
    rows = sheet(
        ("ID", "Наименование", "Категория", "Цена", "Единица измерения (продажа)"),
        (str(gloves), "Перчатки", "Расходники", 777, "штука"),
        (None, "Взятое назад", "Расходники", 1, "штука"),
        (None, "Изменённое", "Расходники", 2, "штука"),
    )
    loading = Loading(world, administrator, "goods", rows)
    loading.then("start")
    administrator.position = events(world)
    (changed,) = administrator.get_ok("/api/goods", q="Изменённое")["items"]
    administrator.do("PATCH", f"/api/goods/{changed['id']}", {"fields": {"price": "3.00"}}, version=changed["version"])
    loading.then("undo")
    assert loading.now["state"] == "undone"
    assert {name: loading.counts[name] for name in ("undone", "not_undone")} == {"undone": 2, "not_undone": 1}
    assert world.denta.clinic.load(Goods, gloves).card["price"] == "500.00"
    administrator.position = events(world)
    assert administrator.get_ok("/api/goods", q="Взятое назад")["total"] == 0
    assert administrator.get_ok("/api/goods", q="Изменённое")["items"][0]["fields"]["price"] == "3.00"
    (not_undone,) = loading.rows("errors")
    assert (not_undone["title"], not_undone["undone"]) == ("Изменённое", "kept")
    assert "после загрузки" in not_undone["reason"]
    assert administrator.post(f"{loading.path}/undo").json()["code"] == "import_moved"


@pytest.mark.spec("XLS-11")
def test_what_was_changed_after_the_check_is_not_overwritten(world: World, administrator: Browser, gloves: UUID) -> None:
    loading = Loading(world, administrator, "goods", of_goods(gloves))
    version = world.denta.clinic.load(Goods, gloves).version
    administrator.do("PATCH", f"/api/goods/{gloves}", {"fields": {"price": "900.00"}}, version=version)
    loading.then("start")
    assert loading.counts["failed"] == 1
    assert world.denta.clinic.load(Goods, gloves).card["price"] == "900.00"


def test_services_and_employees_are_loaded_by_their_commands(world: World, administrator: Browser) -> None:
    for name in ("Гигиена", "Диагностика"):
        administrator.do("POST", "/api/service-categories", {"fields": {"name": name}}, expect=201)
    services = sheet(
        ("ID", "Наименование", "Категория", "Единица измерения", "Цена", "Продолжительность", "Использовать для онлайн-записи"),
        (None, "Чистка", "гигиена", "Процедура", "2 500 руб.", "01:15", "да"),
        (None, "Снимок", "Диагностика", "штука", 300, "скоро", None),
    )
    loading = Loading(world, administrator, "services", services)
    assert loading.rows("refused")[0]["errors"][0]["column"] == "Продолжительность"
    loading.then("start")
    staff = sheet(("Фамилия", "Должность", "E-mail"), ("Новиков", "Хирург", "NOVIKOV@example.org"))
    hired = Loading(world, administrator, "employees", staff)
    hired.then("start")
    administrator.position = events(world)
    found = next(one for one in administrator.get_ok("/api/services")["items"] if one["name"] == "Чистка")
    assert (found["price"], found["duration"], found["online"]) == ("2500.00", 75, True)
    (surgeon,) = administrator.get_ok("/api/employees", q="Новиков")["items"]
    assert (surgeon["position"], surgeon["email"]) == ("Хирург", "novikov@example.org")
    for one in (loading, hired):
        one.then("undo")
        assert one.counts["undone"] == 1


@pytest.mark.spec("XLS-10", "SEC-3")
def test_a_wrong_file_is_refused_at_once_or_by_the_check(world: World, administrator: Browser) -> None:
    answer = administrator.post("/api/excel/imports/patients", content="Фамилия;Имя\nИванов;Пётр".encode())
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_file")
    assert "не файл Excel" in answer.json()["title"]
    loading = Loading(world, administrator, "services", sheet(("Вес",), ("1",)))
    assert loading.now["state"] == "refused"
    assert "нет заголовков" in loading.now["problem"]
    assert administrator.post(f"{loading.path}/start").json()["code"] == "import_moved"
    with world.denta.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM excel_import_files").fetchone() == (0,)


@pytest.mark.spec("SEC-3")
def test_a_file_that_is_too_large_or_of_a_stranger_is_not_read(
    world: World, administrator: Browser, receptionist: Browser
) -> None:
    sent = []

    def pieces() -> Any:
        for _ in range(80):
            sent.append(1)
            yield bytes(1_000_000)

    too_large = administrator.post("/api/excel/imports/patients", content=bytes(50_000_001))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "body_too_large")
    assert "больше 50 МБ" in too_large.json()["title"]
    stranger = receptionist.post("/api/excel/imports/patients", content=bytes(3_000_000))
    assert (stranger.status_code, stranger.json()["code"]) == (403, "right_missing")
    unannounced = administrator.post("/api/excel/imports/patients", content=pieces())
    assert unannounced.status_code == 413
    assert administrator.post("/api/session", content=bytes(2_000_001)).status_code == 413
    assert administrator.sign_in(world.users["Администратор"], PASSWORD).status_code == 200


@pytest.mark.spec("XLS-11")
def test_a_batch_that_was_carried_out_but_not_noted_is_not_doubled(world: World, administrator: Browser) -> None:
    """As after a crash between the commit and the note of it."""
    names = [(None, f"Повторов{number}", "Иван", None, None, None, None) for number in range(7)]
    loading = Loading(world, administrator, "patients", sheet(PATIENTS, *names))
    loading.then("start")
    before = events(world)
    with world.denta.database.connection() as connection:
        connection.execute("UPDATE excel_import_rows SET done = NULL WHERE import_id = %s", (loading.id,))
        connection.execute("UPDATE excel_imports SET state = 'importing' WHERE id = %s", (loading.id,))
    loading.work()
    assert loading.now["state"] == "imported"
    assert loading.counts["created"] == 7
    assert events(world) == before


@pytest.mark.spec("XLS-4", "XLS-11")
def test_two_rows_about_one_patient_are_found_by_the_dry_run_and_not_by_a_failed_loading(
    world: World, administrator: Browser
) -> None:
    known = administrator.do("POST", "/api/patients", {"family_name": "Двойнова", "given_name": "Анна"}, expect=201)["id"]
    file = sheet(
        ("ID", "Фамилия", "Имя", "Город"),
        (None, "Двойнова", "Анна", "Уфа"),
        (None, "двойнова", "Анна", "Омск"),
        (known.upper(), "Двойнова", "Анна", "Пермь"),
        (f"{{{known}}}", "Двойнова", "Анна", "Пермь"),
    )
    loading = Loading(world, administrator, "patients", file)
    assert loading.counts == {"edit": 1, "needs_decision": 1, "refused": 2}
    (undecided,) = loading.rows("needs_decision")
    assert ([error["reason"] for error in undecided["errors"]], undecided["editable"]) == (["Так же зовут в строке 2."], False)
    assert [row["errors"][0]["reason"] for row in loading.rows("refused")] == ["Об этой записи уже есть строка 2."] * 2
    administrator.do("POST", f"{loading.path}/decisions", {"decision": "create"})
    loading.then("start")
    assert loading.counts == {"edit": 1, "needs_decision": 1, "decided": 1, "refused": 2, "created": 1, "edited": 1}


@pytest.mark.spec("XLS-4")
def test_a_patient_created_since_the_check_is_not_created_again(world: World, administrator: Browser) -> None:
    """Two files with the same people, both checked before either is loaded; and somebody made by hand meanwhile."""
    headings = ("Фамилия", "Имя", "Город")
    first = Loading(world, administrator, "patients", sheet(headings, ("Пришлова", "Анна", "Уфа"), ("Пришлова", "Вера", "Уфа")))
    second = Loading(world, administrator, "patients", sheet(headings, ("ПРИШЛОВА", "Анна", "Омск"), ("Пришлова", "Яна", "Омск")))
    administrator.do("POST", "/api/patients", {"family_name": "Пришлова", "given_name": "Вера"}, expect=201)
    first.then("start")
    second.then("start")
    assert first.counts == {"create": 2, "created": 1, "failed": 1}
    assert second.counts == {"create": 2, "created": 1, "failed": 1}
    assert administrator.get_ok("/api/patients", q="Пришлова")["total"] == 3
    (late,) = second.rows("errors")
    assert (late["row"], late["reason"]) == (2, "После проверки файла появилась запись с таким именем. Загрузите файл ещё раз.")


@pytest.mark.spec("XLS-2", "XLS-11")
def test_the_dry_run_says_what_would_come_a_second_time(world: World, administrator: Browser) -> None:
    """A list that is corrected in some rows and loaded again as a whole would create everything twice."""
    headings = ("Наименование", "Комментарий")
    first = Loading(world, administrator, "counterparties", sheet(headings, ("ООО «Повтор»", None)))
    first.then("start")
    second = sheet(headings, ("ооо «повтор»", "тот же"), ("ООО «Раз»", None), ("ООО «Раз»", None))
    loading = Loading(world, administrator, "counterparties", second)
    assert loading.counts == {"create": 3, "same_name": 2}
    assert [error["reason"] for row in loading.rows("create") for error in row["errors"]] == [
        "Такая запись уже есть. Чтобы изменить её, укажите ID из выгрузки.",
        "Так же называется запись в строке 3.",
    ]
    loading.then("start")
    assert loading.counts["created"] == 3


@pytest.mark.spec("XLS-11")
def test_the_dry_run_names_the_columns_that_will_not_be_loaded(world: World, administrator: Browser) -> None:
    """What stands under them would otherwise be missed when the file is long gone."""
    file = sheet(("Фамилия", "Рост", "Дата рождения", "Полис"), ("Столбцова", "180", "17.05.1990", "1234"))
    loading = Loading(world, administrator, "patients", file)
    assert loading.now["ignored"] == ["Рост", "Полис"]
    (row,) = loading.rows("create")
    assert [change["label"] for change in row["changes"]] == ["Фамилия", "День рождения"]


def test_a_key_that_brought_one_file_brings_no_other(administrator: Browser) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    file, other = sheet(PATIENTS, ("", "Первый")), sheet(PATIENTS, ("", "Второй"))
    answers = [
        administrator.post(f"/api/excel/imports/{catalogue}", content=content, headers=headers)
        for catalogue, content in (("patients", file), ("patients", file), ("patients", other), ("employees", file))
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert [answer.json().get("code") for answer in answers[2:]] == ["idempotency_key_reused"] * 2


@pytest.fixture
def next_number(administrator: Browser) -> int:
    """The card number that the next patient would get."""
    made = administrator.do("POST", "/api/patients", {"family_name": "Нумеров"}, expect=201)
    return int(administrator.get_ok(f"/api/patients/{made['id']}")["card_number"]) + 1


@pytest.mark.spec("XLS-4", "PAT-1")
@pytest.mark.parametrize(("batch", "name"), [(1, "Однова"), (100, "Сотова")])
def test_no_number_is_drawn_that_another_row_of_the_file_names(
    world: World, administrator: Browser, next_number: int, monkeypatch: pytest.MonkeyPatch, batch: int, name: str
) -> None:
    """Also one that an edited card gets, and where namesakes come in another order than in the file."""
    monkeypatch.setattr(excel_loading, "BATCH", batch)
    monkeypatch.setattr(excel_loading, "_AT_ONCE", batch)
    card = {"family_name": name, "given_name": "Яна", "card_number": name}
    known = administrator.do("POST", "/api/patients", card, expect=201)["id"]
    file = sheet(
        ("ID", "Фамилия", "Имя", "Номер карты"),
        (None, name, "Ада", None),
        (None, name, "Ева", None),
        (None, name, "Ида", str(next_number)),
        (None, name, "Ада", str(next_number + 1)),
        (known, name, "Яна", str(next_number + 2)),
    )
    loading = Loading(world, administrator, "patients", file)
    administrator.do("POST", f"{loading.path}/decisions", {"decision": "create"})
    loading.then("start")
    assert loading.counts == {"create": 3, "needs_decision": 1, "decided": 1, "edit": 1, "created": 4, "edited": 1}
    people = administrator.get_ok("/api/patients", q=name)["items"]
    expected = [("Ада", 3), ("Ада", 1), ("Ева", 4), ("Ида", 0), ("Яна", 2)]
    numbers = sorted((one["given_name"], int(one["card_number"]) - next_number) for one in people)
    assert numbers == sorted(expected)


@pytest.mark.spec("XLS-2", "XLS-4", "PAT-1")
def test_of_two_files_loaded_at_once_each_row_is_created_or_refused_in_words(
    world: World, administrator: Browser, next_number: int
) -> None:
    drawing = Loading(world, administrator, "patients", sheet(("Фамилия",), ("Первая",), ("Вторая",)))
    naming = sheet(("Фамилия", "Номер карты"), ("Третья", str(next_number)), ("Четвёртая", None))
    loading = Loading(world, administrator, "patients", naming)
    for one in (drawing, loading):
        administrator.do("POST", f"{one.path}/start")
    loading.work()
    assert drawing.counts == {"create": 2, "created": 2}
    assert loading.counts == {"create": 2, "created": 1, "failed": 1}
    (late,) = loading.rows("errors")
    assert (late["row"], late["title"]) == (2, "Третья")
    assert late["reason"].startswith(f"Номер карты {next_number} уже занят другим пациентом")
