"""Every look at personal data is noted once, with who, whose, when, from where and how, and can't be unmade."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, get_args, get_type_hints
from uuid import UUID

import psycopg
import pytest
from openpyxl import load_workbook

from commands.ports.access_log import AccessLogEntry
from commands.registry import AGGREGATES
from readmodels.access_log import lists
from readmodels.words.accessed import AccessedList
from services.api.http.routes import NeedsRight
from services.api.registry import declared
from services.bootstrap import Denta
from tests.api.world import Browser, World, new_visit, rows
from tests.commands.racing import parallel


@pytest.fixture(scope="module")
def visit(world: World) -> dict[str, Any]:
    with world.browser("Администратор") as administrator:
        made: dict[str, Any] = administrator.do("POST", "/api/visits", new_visit(world, doctor_id=None), expect=201)
        return made


@pytest.fixture
def auditor(world: World) -> Iterator[Browser]:
    with world.browser("Аудитор") as browser:
        yield browser


def summary(item: dict[str, Any]) -> tuple[str, str, str | None]:
    return item["action"], item["object"], item["patient"] and item["patient"]["name"]


@pytest.mark.spec("SEC-6", "AUD-1")
@pytest.mark.thorough
def test_reading_and_exporting_is_noted_and_asked_by_patient_and_by_user(
    world: World, visit: dict[str, Any], receptionist: Browser, administrator: Browser, auditor: Browser
) -> None:
    patient = receptionist.get_ok(f"/api/patients/{world.patient}")["name"]
    receptionist.get_ok(f"/api/visits/{visit['id']}")
    receptionist.get_ok("/api/patients", q="иван")
    asked = {"status": "planned", "doctor_id": str(world.doctor), "from": "2026-02-01"}
    receptionist.get_ok("/api/visits", **asked)
    doctor = administrator.get_ok(f"/api/employees/{world.doctor}")["name"]
    taken = {"action": "exported", "object_type": "patient", "filter": {"q": "иван"}, "count": 7}
    assert receptionist.post("/api/access-log", json=taken).status_code == 204
    administrator.get_ok(f"/api/history/patient/{world.patient}")
    administrator.get_ok(f"/api/history/visit/{visit['id']}")
    assert administrator.get("/api/journal/export.xlsx", params={"kind": "booked"}).status_code == 200

    by_patient = rows(auditor.get_ok("/api/access-log", patient_id=world.patient))
    assert [summary(item) for item in by_patient] == [
        ("Просмотр истории", f"Визит № {visit['number']}", patient),
        ("Просмотр истории", "Карта пациента", patient),
        ("Просмотр", f"Визит № {visit['number']}", patient),
        ("Просмотр", "Карта пациента", patient),
    ]
    assert by_patient == rows(auditor.get_ok("/api/access-log", q=patient))
    assert {item["address"] for item in by_patient} == {"127.0.0.1"}
    assert datetime.now(UTC) - datetime.fromisoformat(by_patient[0]["moment"]) < timedelta(minutes=5)

    user = receptionist.get_ok("/api/me")
    by_user = rows(auditor.get_ok("/api/access-log", user_id=user["user_id"]))
    assert {item["user"]["name"] for item in by_user} == {user["name"]}
    assert [(item["action"], item["object"], item["filter"]) for item in by_user[:3]] == [
        ("Выгрузка", "Пациенты", ["поиск: иван"]),
        ("Просмотр списка", "Визиты", ["с: 01.02.2026", "статус: запланирован", f"врач: {doctor}"]),
        ("Просмотр списка", "Пациенты", ["поиск: иван"]),
    ]
    assert by_user[0]["count"] == 7
    exported = rows(auditor.get_ok("/api/access-log", user_id=administrator.get_ok("/api/me")["user_id"]))[0]
    assert (exported["action"], exported["object"], exported["filter"]) == (
        "Выгрузка", "Журнал действий", ["действие: Запись на приём"],
    )  # fmt: skip


@pytest.mark.spec("SEC-6", "PAT-6")
def test_looks_at_a_card_that_was_merged_since_are_looks_at_the_person(administrator: Browser, auditor: Browser) -> None:
    survivor, part = (
        administrator.do("POST", "/api/patients", {"family_name": name}, expect=201)["id"] for name in ("Единая", "Часть")
    )
    administrator.get_ok(f"/api/patients/{part}")
    administrator.do("POST", f"/api/patients/{survivor}/merge", {"patient_id": part}, version=1)
    administrator.get_ok(f"/api/patients/{survivor}")
    assert [summary(item)[2] for item in rows(auditor.get_ok("/api/access-log", patient_id=survivor))] == ["Единая", "Часть"]


@pytest.mark.spec("SEC-6")
def test_the_visits_of_a_patient_are_personal_data_too(world: World, administrator: Browser, auditor: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Смотримая"}, expect=201)["id"]
    for part in ("/visits", ""):  # the visits alone count; with the card they are one look
        administrator.get_ok(f"/api/patients/{patient}{part}")
        (look,) = rows(auditor.get_ok("/api/access-log", patient_id=patient))
        assert summary(look) == ("Просмотр", "Карта пациента", "Смотримая")


@pytest.mark.spec("SEC-6", "UI-6")
@pytest.mark.thorough
def test_looks_are_exported_as_filtered_and_that_is_noted(world: World, administrator: Browser, auditor: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "=Выгружаемая"}, expect=201)["id"]
    administrator.get_ok(f"/api/patients/{patient}")
    administrator.get_ok("/api/patients", q="=Выгружаемая")

    answer = auditor.get("/api/access-log/export.xlsx", params={"patient_id": patient})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    heading, row = sheet.iter_rows(values_only=True)
    assert heading == ("Когда", "Кто", "Откуда", "Как", "Что", "Чьи данные", "Отбор списка", "Записей")
    assert row[3:] == ("Просмотр", "Карта пациента", "=Выгружаемая", None, None)

    all_looks = load_workbook(BytesIO(auditor.get("/api/access-log/export.xlsx").content)).active
    assert all_looks is not None
    exported = [row[3:] for row in all_looks.iter_rows(min_row=2, values_only=True)]
    assert exported[:2] == [
        ("Выгрузка", "Просмотры", None, None, None),  # this one
        ("Выгрузка", "Просмотры", None, "пациент: =Выгружаемая", None),
    ]
    assert ("Просмотр списка", "Пациенты", None, "поиск: =Выгружаемая", 1) in exported
    assert len(exported) == auditor.get_ok("/api/access-log")["total"]


@pytest.mark.spec("SEC-6")
def test_a_card_fetched_again_is_the_same_look_until_some_minutes_have_passed(world: World) -> None:
    denta, moment = world.denta, datetime.now(UTC)
    before = noted(denta)
    look = {"user_id": UUID(int=1), "employee_id": UUID(int=2), "address": "::1", "action": "opened", "object_type": "patient"}
    for minutes in (0, 4, 5, 9, 11):
        denta.access_log.record(AccessLogEntry(moment=moment + timedelta(minutes=minutes), **look))  # type: ignore[arg-type]  # a look
    for _ in range(2):
        denta.access_log.record(AccessLogEntry(moment=moment, **{**look, "action": "exported"}))  # type: ignore[arg-type]  # a look
    assert noted(denta) - before == 3 + 2


@pytest.mark.spec("SEC-6")
def test_parts_of_one_page_asked_for_at_one_moment_are_one_look(world: World) -> None:
    denta, moment = world.denta, datetime.now(UTC)
    before = noted(denta)
    look = {"user_id": UUID(int=3), "employee_id": UUID(int=4), "address": "::1", "action": "opened", "object_type": "patient"}
    parallel(8, lambda _: denta.access_log.record(AccessLogEntry(moment=moment, **look)))  # type: ignore[arg-type]  # a look
    assert noted(denta) - before == 1


@pytest.mark.spec("SEC-6")
@pytest.mark.parametrize("accessed", lists().values(), ids=lambda accessed: accessed.type)
def test_a_list_of_personal_data_declares_its_filters_and_who_may_print_it(accessed: AccessedList) -> None:
    """Every filter that its route takes has words, and a user who may open the list may record its print."""
    by_path = {(route.method, route.path): route for _, route in declared()}
    route = by_path["GET", accessed.path]
    query, _ = get_args(get_type_hints(route.endpoint, include_extras=True)["query"])
    filters = {field.alias or name for name, field in query.model_fields.items()} - {"page", "size", "sort"}
    assert filters <= accessed.filters.keys()
    recording = by_path["POST", "/access-log"].allowed
    assert isinstance(route.allowed, NeedsRight)
    assert isinstance(recording, NeedsRight)
    assert route.allowed.any_of <= set(accessed.rights) <= recording.any_of
    assert {one.refers for one in accessed.filters.values()} <= {*(kind.TOPIC for kind in AGGREGATES), ""}


@pytest.mark.spec("SEC-6")
@pytest.mark.parametrize("statement", ["DELETE FROM viewings", "UPDATE viewings SET address = ''", "TRUNCATE viewings"])
def test_recorded_entries_stay(world: World, statement: str) -> None:
    with world.denta.database.connection() as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(statement)  # type: ignore[arg-type]  # a literal of this test


@pytest.mark.spec("SEC-6")
def test_a_refused_or_missing_card_is_no_look(world: World, auditor: Browser, receptionist: Browser) -> None:
    before = noted(world.denta)
    assert auditor.get(f"/api/patients/{world.patient}").status_code == 403
    assert receptionist.get(f"/api/patients/{UUID(int=5)}").status_code == 404
    assert noted(world.denta) == before


def noted(denta: Denta) -> int:
    with denta.database.connection() as connection:
        return int(connection.execute("SELECT count(*) FROM viewings").fetchone()[0])  # type: ignore[index]  # one row


@pytest.mark.spec("SEC-6", "ACL-1")
def test_nobody_records_what_they_may_not_see(world: World, receptionist: Browser, auditor: Browser) -> None:
    before = auditor.get_ok("/api/access-log")["total"]
    for object_type in ("journal", "viewings"):
        refused = receptionist.post("/api/access-log", json={"action": "exported", "object_type": object_type, "filter": {}})
        assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    nobody = {"action": "printed", "object_type": "patient", "filter": {}, "patient_id": str(world.doctor)}
    assert receptionist.post("/api/access-log", json=nobody).status_code == 404
    assert auditor.get_ok("/api/access-log")["total"] == before
