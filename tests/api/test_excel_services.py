"""Services with the sheet of who gives them: loaded, exported, taken back (XLS-3)."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import openpyxl
import pytest

from aggregates.clinic.service import Service
from aggregates.scheduling.visit import Slot
from commands.clinic import service
from commands.people import employee
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedLine
from tests.api.excel_loading import Loading, events, sheet, workbook
from tests.api.world import MONDAY, PASSWORD, Browser, World, at

pytestmark = [pytest.mark.spec("XLS-3"), pytest.mark.thorough]

SERVICES = ("Наименование*", "Категория*", "Единица измерения*", "Цена*", "Продолжительность*", "ID")
DOCTORS = ("ID врача", "Имя", "Фамилия", "Отчество", "ID услуги", "Услуга")
NEW = ("Чистка", "Гигиена", "процедура", 2500, "01:15", None)


def hired(world: World, family_name: str, given_name: str = "", *, takes_visits: bool = True) -> UUID:
    card = {"family_name": family_name, "given_name": given_name, "takes_visits": takes_visits}
    return employee.hire(world.denta.clinic, world.context("hire"), card).id


@pytest.fixture(scope="module")
def staff(world: World) -> dict[str, UUID]:
    """Two doctors called Орлов, one called Зайцева, and an accountant."""
    with world.browser("Администратор") as browser:
        browser.do("POST", "/api/service-categories", {"fields": {"name": "Гигиена"}}, expect=201)
    return {
        "Орлов Пётр": hired(world, "Орлов", "Пётр"),
        "Орлов Иван": hired(world, "Орлов", "Иван"),
        "Зайцева": hired(world, "Зайцева", "Анна"),
        "Счетова": hired(world, "Счетова", takes_visits=False),
    }


@pytest.fixture
def filling(world: World, staff: dict[str, UUID]) -> UUID:
    """A service that Зайцева gives."""
    card = {"name": f"Пломба {uuid4().hex[:6]}", "price": "900", "doctors": [staff["Зайцева"]]}
    return service.create_service(world.denta.clinic, world.context("create_service"), card).id


def doctors_of(world: World, service_id: UUID) -> set[UUID]:
    return set(world.denta.clinic.load(Service, service_id).doctors)


def of_doctors(*rows: Sequence[Any]) -> bytes:
    return workbook({"Врачи": [DOCTORS, *map(tuple, rows)]})


def errors(row: Any) -> list[tuple[str, int, str]]:
    return [(error["sheet"], error["row"], error["column"]) for error in row["errors"]]


def test_doctors_are_named_for_services_of_the_same_file_and_for_others(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    rows = [
        (None, "Петр", "орлов", None, None, "чистка"),
        (str(staff["Зайцева"]), None, None, None, None, "Чистка"),
        (None, None, "Орлов", "", str(filling), None),
        (None, "Иван", "Орлов", None, str(filling), None),
    ]
    book = workbook({"Услуги": [SERVICES, NEW], "Врачи": [DOCTORS, *rows[:2], rows[3]]})
    loading = Loading(world, administrator, "services", book)
    assert loading.counts == {"create": 1, "edit": 1}
    (new,), (known,) = loading.rows("create"), loading.rows("edit")
    assert (new["sheet"], new["row"], new["title"]) == ("Услуги", 2, "Чистка")
    assert {"label": "Врачи", "old": "", "new": "Зайцева Анна, Орлов Пётр"} in new["changes"]
    assert (known["sheet"], known["row"]) == ("Врачи", 4)
    assert known["changes"] == [{"label": "Врачи", "old": "Зайцева Анна", "new": "Орлов Иван"}]
    loading.then("start")
    assert (loading.counts["created"], loading.counts["edited"]) == (1, 1)
    administrator.position = events(world)
    made = next(one for one in administrator.get_ok("/api/services")["items"] if one["name"] == "Чистка")
    assert doctors_of(world, UUID(made["id"])) == {staff["Орлов Пётр"], staff["Зайцева"]}
    assert doctors_of(world, filling) == {staff["Орлов Иван"]}

    loading.then("undo")
    assert loading.counts["undone"] == 2
    assert doctors_of(world, filling) == {staff["Зайцева"]}
    assert world.denta.clinic.load(Service, UUID(made["id"])).deleted


@pytest.mark.spec("XLS-2")
def test_a_service_is_left_to_every_doctor_in_so_many_words(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    loading = Loading(world, administrator, "services", of_doctors((None, None, "Все  врачи", None, str(filling), None)))
    (row,) = loading.rows("edit")
    assert row["changes"] == [{"label": "Врачи", "old": "Зайцева Анна", "new": "все врачи"}]
    loading.then("start")
    assert doctors_of(world, filling) == set()
    again = Loading(world, administrator, "services", of_doctors((None, "все", None, None, str(filling), None)))
    assert again.counts == {"unchanged": 1}
    loading.then("undo")
    assert doctors_of(world, filling) == {staff["Зайцева"]}


def test_all_doctors_and_one_by_name_contradict_each_other(world: World, administrator: Browser, filling: UUID) -> None:
    rows = [(None, "Иван", "Орлов", None, str(filling), None), (None, None, "все врачи", None, str(filling), None)]
    (row,) = Loading(world, administrator, "services", of_doctors(*rows)).rows("refused")
    assert errors(row) == [("Врачи", 3, "Фамилия")]
    assert doctors_of(world, filling) != set()


def test_a_service_that_the_sheet_has_no_row_of_keeps_its_doctors(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    given = service.create_service(
        world.denta.clinic, world.context("create_service"), {"name": "Пломба вторая", "doctors": [staff["Орлов Иван"]]}
    ).id
    rows = [(None, None, "Зайцева", None, str(filling), None), (None, "Пётр", "Орлов", None, str(filling), None)]
    prices = [("ID", "Цена"), (str(given), 10), (str(filling), 20)]
    loading = Loading(world, administrator, "services", workbook({"Услуги": prices, "Врачи": [DOCTORS, *rows]}))
    loading.then("start")
    assert loading.counts["edited"] == 2
    assert doctors_of(world, given) == {staff["Орлов Иван"]}
    assert doctors_of(world, filling) == {staff["Зайцева"], staff["Орлов Пётр"]}


def test_wrong_rows_name_sheet_row_column_and_reason_and_their_service_stays(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    rows = [
        (None, None, "Неведомый", None, None, "Чистка"),
        (None, None, "Орлов", None, str(filling), None),
        (None, None, "Счетова", None, str(filling), None),
        (None, None, None, None, str(filling), None),
        (None, None, "Зайцева", None, None, "Нет такой"),
        (None, None, "Зайцева", None, str(uuid4()), None),
        (None, None, "Зайцева", None, None, None),
        ("123", None, None, None, None, "Осмотр"),
        (str(uuid4()), None, None, None, str(world.service), None),
    ]
    book = workbook({"Услуги": [SERVICES, NEW], "Врачи": [DOCTORS, *rows]})
    loading = Loading(world, administrator, "services", book)
    refused = loading.rows("refused")
    assert loading.counts == {"refused": len(refused)}
    found = [(one["sheet"], one["row"], errors(one)) for one in refused]
    assert found == [
        ("Услуги", 2, [("Врачи", 2, "Фамилия")]),
        ("Врачи", 3, [("Врачи", 3, "Фамилия"), ("Врачи", 5, "Фамилия"), ("Врачи", 4, "ID врача")]),
        ("Врачи", 6, [("Врачи", 6, "Услуга")]),
        ("Врачи", 7, [("Врачи", 7, "ID услуги")]),
        ("Врачи", 8, [("Врачи", 8, "ID услуги")]),
        ("Врачи", 9, [("Врачи", 9, "ID врача"), ("Врачи", 10, "ID врача")]),
    ]
    reasons = [error["reason"] for one in refused for error in one["errors"]]
    assert "Сотрудника с таким именем нет" in reasons[0]
    assert "несколько" in reasons[1]
    assert "не ведёт приём" in reasons[3]
    answer = administrator.get(f"{loading.path}/errors.xlsx")
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows()]
    assert lines[0][:5] == ["Лист", "Строка", "Запись", "Столбец", "Причина"]
    assert lines[1][:4] == ["Услуги", 2, "Чистка", "Фамилия"]
    assert lines[1][4].startswith("Лист «Врачи», строка 2. Сотрудника с таким именем нет")
    assert doctors_of(world, filling) == {staff["Зайцева"]}


def test_category_and_unit_have_to_exist_and_what_has_a_star_to_be_filled(
    world: World, administrator: Browser, staff: dict[str, UUID]
) -> None:
    rows = [
        ("Снимок", "Неведомая", "процедура", 300, "00:10", None),
        ("Снимок", "Гигиена", "ведро", 300, "00:10", None),
        ("Снимок", "Гигиена", "штука", "дорого", "00:10", None),
        ("Снимок", "Гигиена", "штука", 300, "недолго", None),
        (None, None, None, None, None, None),
        ("Снимок", None, None, None, None, None),
    ]
    loading = Loading(world, administrator, "services", workbook({"Услуги": [SERVICES, *rows]}))
    found = [{(row["sheet"], error["row"], error["column"]) for error in row["errors"]} for row in loading.rows("refused")]
    assert found == [
        {("Услуги", 2, "Категория")},
        {("Услуги", 3, "Единица измерения")},
        {("Услуги", 4, "Цена")},
        {("Услуги", 5, "Продолжительность")},
        {("Услуги", 7, column) for column in ("Категория", "Единица измерения", "Цена", "Продолжительность")},
    ]


def booked(world: World, service_id: UUID, doctor: UUID, start: str = "10:00") -> str:
    """A coming visit for the service; its number as people see it."""
    moments = [datetime.fromisoformat(at(MONDAY, clock)) for clock in (start, f"{start[:3]}30")]
    lines = [RequestedLine(service_id)]
    made = visit.book_visit(world.denta.clinic, world.context("book"), world.patient, Slot(doctor, *moments), lines=lines)
    return f"№\u00a0{made.facts['number']}"


@pytest.mark.spec("CAL-19", "XLS-11")
def test_a_row_that_takes_a_service_from_a_doctor_with_coming_visits_waits_for_a_decision(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    number = booked(world, filling, staff["Зайцева"])
    doctors = of_doctors((None, "Иван", "Орлов", None, str(filling), None))
    by_price = workbook(
        {"Услуги": [("ID", "Цена"), (str(filling), 10)], "Врачи": [DOCTORS, (None, "Иван", "Орлов", None, str(filling))]}
    )
    for content, sheet_of_row in ((doctors, "Врачи"), (by_price, "Услуги")):
        loading = Loading(world, administrator, "services", content)
        (row,) = loading.rows("needs_decision")
        assert (row["sheet"], row["editable"], row["creatable"]) == (sheet_of_row, True, False)
        (asked,) = row["errors"]
        assert asked["column"] == "Врачи"
        assert (
            f"Предстоящих визитов с этой услугой: 1. Визиты не изменятся: перенесите их к другому врачу. Это {number} ("
            in asked["reason"]
        )
        assert "10:00, Зайцева Анна" in asked["reason"]
        loading.then("start")  # undecided
        assert doctors_of(world, filling) == {staff["Зайцева"]}

    loading = Loading(world, administrator, "services", doctors)
    loading.then("decisions", {"decision": "edit", "sheet": "Врачи", "rows": [2]})
    assert loading.counts["decided"] == 1
    loading.then("start")
    assert loading.counts["edited"] == 1
    assert doctors_of(world, filling) == {staff["Орлов Иван"]}
    log = administrator.get_ok(f"/api/history/service/{filling}")["items"]
    assert f"остались предстоящие визиты: {number.replace(chr(160), ' ')}" in str(log[0]["changes"])


@pytest.mark.spec("CAL-19", "XLS-11")
def test_a_visit_that_is_booked_after_the_check_or_the_loading_is_not_lost_sight_of(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    content = workbook({"Услуги": [SERVICES, NEW], "Врачи": [DOCTORS, (None, "Иван", "Орлов", None, str(filling), None)]})
    early = Loading(world, administrator, "services", content)
    assert early.counts == {"create": 1, "edit": 1}
    booked(world, filling, staff["Зайцева"])
    early.then("start")
    (failed,) = early.rows("errors")
    assert failed["reason"].endswith("Загрузите файл ещё раз и решите, что с этим делать.")
    assert doctors_of(world, filling) == {staff["Зайцева"]}

    late = Loading(world, administrator, "services", of_doctors((None, "Иван", "Орлов", None, str(filling), None)))
    late.then("decisions", {"decision": "edit"})
    booked(world, filling, staff["Зайцева"], "11:00")  # not what was decided about
    late.then("start")
    assert late.counts["failed"] == 1
    again = Loading(world, administrator, "services", of_doctors((None, "Иван", "Орлов", None, str(filling), None)))
    again.then("decisions", {"decision": "edit"})
    again.then("start")
    assert doctors_of(world, filling) == {staff["Орлов Иван"]}

    administrator.catch_up()
    created = [one for one in administrator.get_ok("/api/services")["items"] if one["name"] == "Чистка"][-1]
    booked(world, UUID(created["id"]), staff["Орлов Иван"], "13:00")
    booked(world, filling, staff["Орлов Иван"], "14:00")
    for loading in (early, again):
        loading.then("undo")
        assert loading.counts["not_undone"] == 1
        (not_undone,) = [row for row in loading.rows("errors") if row["undone"] == "kept"]
        assert not_undone["reason"].endswith("Измените это в карточке: там визиты перечислены.")
    assert doctors_of(world, filling) == {staff["Орлов Иван"]}
    assert not world.denta.clinic.load(Service, UUID(created["id"])).deleted


@pytest.mark.spec("CAL-19", "ACL-6")
def test_a_loading_counts_the_visits_of_others_for_a_user_who_sees_only_their_own_schedule_too(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    number = booked(world, filling, staff["Зайцева"])
    rights_set = {
        "name": "Прайс",
        "start_page": "calendar",
        "rights": ["calendar", "services", "excel_import"],
        "own_schedule_only": True,
    }
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    access = {"email": "price@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{staff['Орлов Пётр']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        loading = Loading(world, browser, "services", of_doctors((None, "Иван", "Орлов", None, str(filling), None)))
        (row,) = loading.rows("needs_decision")
    assert "Предстоящих визитов с этой услугой: 1, все не к вам." in row["errors"][0]["reason"]
    assert number not in row["errors"][0]["reason"]


@pytest.mark.spec("XLS-9")
def test_an_export_has_both_sheets_and_loaded_back_changes_nothing(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    """Even where somebody gives the service who could not be chosen for it any more."""
    gone = hired(world, "Ушедший")
    service.change_service(world.denta.clinic, world.context("change"), filling, {"doctors": [gone, staff["Зайцева"]]})
    employee.delete_employee(world.denta.clinic, world.context("delete"), gone)
    administrator.position = before = events(world)
    answer = administrator.get("/api/excel/export.zip", params={"catalogues": ["services"]})
    with ZipFile(BytesIO(answer.content)) as packed:
        content = packed.read("Услуги.xlsx")
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["Услуги", "Врачи"]
    rows = [[cell.value for cell in row] for row in book["Врачи"].iter_rows()]
    assert rows[0] == ["ID врача", "Фамилия", "Имя", "Отчество", "ID услуги", "Услуга"]
    assert {row[0]: row[1] for row in rows if row[4] == str(filling)} == {str(gone): "Ушедший", str(staff["Зайцева"]): "Зайцева"}
    loading = Loading(world, administrator, "services", content)
    loading.then("start")
    assert set(loading.counts) == {"unchanged"}
    assert events(world) == before

    row = next(row for row in book["Врачи"].iter_rows() if row[0].value == str(gone))
    book["Врачи"].delete_rows(row[0].row)
    edited = BytesIO()
    book.save(edited)
    loading = Loading(world, administrator, "services", edited.getvalue())
    loading.then("start")
    assert loading.counts["edited"] == 1
    assert doctors_of(world, filling) == {staff["Зайцева"]}


def test_a_file_without_the_sheet_changes_no_doctors(
    world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID
) -> None:
    loading = Loading(world, administrator, "services", workbook({"Лист1": [("ID", "Цена"), (str(filling), 1)]}))
    assert [change["label"] for change in loading.rows("edit")[0]["changes"]] == ["Цена"]
    loading.then("start")
    assert doctors_of(world, filling) == {staff["Зайцева"]}


def test_the_sheet_of_doctors_may_come_alone(world: World, administrator: Browser, staff: dict[str, UUID], filling: UUID) -> None:
    loading = Loading(world, administrator, "services", of_doctors((None, "Иван", "Орлов", None, str(filling), None)))
    loading.then("start")
    assert loading.counts["edited"] == 1
    assert doctors_of(world, filling) == {staff["Орлов Иван"]}


def test_the_template_has_both_sheets(world: World, administrator: Browser) -> None:
    answer = administrator.get("/api/excel/templates/services")
    with ZipFile(BytesIO(answer.content)) as packed:
        book = openpyxl.load_workbook(BytesIO(packed.read(packed.namelist()[0])))
    assert [name for name in book.sheetnames if book[name].sheet_state == "visible"] == ["Услуги", "Врачи"]
    assert "ровно эти врачи" in book["Врачи"]["A1"].comment.text
    assert book["Врачи"]["A2"].value.startswith("Пример:")
    catalogues = administrator.get_ok("/api/excel")["catalogues"]
    seconds = {one["key"]: one["second_sheet"] and one["second_sheet"]["title"] for one in catalogues}
    assert {key: title for key, title in seconds.items() if title} == {"services": "Врачи"}


def test_doctors_who_came_by_a_file_themselves_are_named_for_services(world: World, administrator: Browser) -> None:
    """First the staff, then the services: nobody has to open each card in between."""
    family = f"Приёмов{uuid4().hex[:6]}"
    staff = sheet(("Фамилия", "Имя", "Ведёт приём"), (family, "Пётр", "да"), (family, "Иван", None))
    Loading(world, administrator, "employees", staff).then("start")
    names = ("Осмотр А", "Осмотр Б")
    rows = [(name, "Гигиена", "процедура", 900, "00:30", None) for name in names]
    doctors = [(None, given, family, None, None, name) for given, name in zip(("Пётр", "Иван"), names, strict=True)]
    loading = Loading(world, administrator, "services", workbook({"Услуги": [SERVICES, *rows], "Врачи": [DOCTORS, *doctors]}))
    assert [row["title"] for row in loading.rows("create")] == ["Осмотр А"]
    (refused,) = loading.rows("refused")
    assert "не ведёт приём" in refused["errors"][0]["reason"]
