"""Whatever comes through the door, the answer is a clear Russian refusal and never an error of ours."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from services.api.http.problems import minutes
from services.api.http.request_middleware import MAX_BODY
from tests.api.world import MONDAY, Browser, World, new_visit

RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def field_reasons(browser: Browser, body: object) -> dict[str, str]:
    answer = browser.post("/api/patients", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "body_malformed"
    return {error["field"]: error["reason"] for error in problem["facts"]["fields"]}


@pytest.mark.spec("UI-3")
def test_a_period_that_ends_before_it_begins_is_refused_wherever_one_is_asked_for(world: World, administrator: Browser) -> None:
    """An empty answer would look as if nothing had happened then."""
    asking = [
        (path, parameters)
        for path, methods in world.app.openapi()["paths"].items()
        if {"from", "to"} <= (parameters := {parameter["name"] for parameter in methods.get("get", {}).get("parameters", [])})
    ]
    assert {path for path, _ in asking} >= {"/api/journal", "/api/access-log", "/api/visits", "/api/calendar", "/api/schedule"}
    needed = {"catalogues": "visits", "moment": "2026-11-23T10:00:00"}
    for path, parameters in asking:
        others = {name: value for name, value in needed.items() if name in parameters}
        url = re.sub(r"\{[a-z_]+_id\}", str(uuid4()), path.replace("{version}", "1"))
        answer = administrator.get(url, params={"from": "2026-11-24", "to": "2026-11-23", **others})
        assert answer.status_code == 422, path
        assert answer.json()["facts"]["fields"][0]["reason"] == "Конец периода раньше его начала"


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"family_name": 1}, "family_name", "Здесь ожидается текст."),
        ({"family_name": "я" * 101}, "family_name", "Текст длиннее 100 символов."),
        ({"sex": "robot"}, "sex", "Такого значения нет. Возможные: '', 'male' или 'female'."),
        ({"familyname": "Иванов"}, "familyname", "Такого поля здесь нет."),
        ([], "", "Здесь ожидается объект с полями."),
        ("text", "", "Здесь ожидается объект с полями."),
        (None, "", "Заполните это поле."),
    ],
)
@pytest.mark.spec("UI-3")
def test_a_malformed_field_is_named_with_a_russian_reason(receptionist: Browser, body: object, field: str, reason: str) -> None:
    assert field_reasons(receptionist, body)[field] == reason
    assert reason in receptionist.post("/api/patients", json=body).json()["title"]


@pytest.mark.spec("UI-3")
def test_a_value_of_none_of_several_types_gets_one_reason_at_its_field(administrator: Browser) -> None:
    answer = administrator.post("/api/warehouses", json={"fields": {"name": "я" * 2001}})
    assert answer.json()["facts"]["fields"] == [{"field": "fields.name", "reason": "Текст длиннее 200 символов."}]


def test_a_card_that_holds_all_it_can_is_changed_in_its_form(world: World, administrator: Browser) -> None:
    """Files and merging fill cards up to what their own rules allow."""
    email = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.ru"
    visit = new_visit(world, MONDAY + timedelta(days=3))
    service = {"price": "100.00", "duration": 30}
    cards: list[tuple[str, dict[str, object], dict[str, object]]] = [
        ("patients", {"family_name": "Полная"}, {"comment": "я" * 4000, "email": email}),
        ("employees", {"family_name": "Полная"}, {"comment": "я" * 4000, "email": email}),
        ("services", {"name": "Полная", **service}, {"name": "я" * 300}),
        ("visits", visit, {"comment": "я" * 4000, "room": "я" * 100}),
    ]
    for path, needed, filled in cards:
        created = administrator.do("POST", f"/api/{path}", needed, expect=201)
        administrator.do("PATCH", f"/api/{path}/{created['id']}", filled, version=created["version"])
        card = administrator.get_ok(f"/api/{path}/{created['id']}")
        assert {field: card[field] for field in filled} == filled


@pytest.mark.spec("UI-8")
def test_what_word_pastes_along_is_taken_and_what_cannot_be_seen_is_refused_at_its_field(administrator: Browser) -> None:
    pasted = {"family_name": "Вордов\x0bПётр\x00", "comment": "Аллергия\x0bна лидокаин\x0c\x07", "city": "Нижний\tНовгород"}
    created = administrator.post("/api/patients", json=pasted).json()["id"]
    card = administrator.get(f"/api/patients/{created}").json()
    assert (card["family_name"], card["comment"], card["city"]) == (
        "Вордов Пётр",
        "Аллергия\nна лидокаин",
        "Нижний Новгород",
    )
    half = administrator.post(
        "/api/patients",
        content=b'{"family_name": "X", "comment": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )
    assert half.json()["facts"]["fields"] == [{"field": "comment", "reason": "В тексте есть недопустимые символы."}]
    refused = administrator.post("/api/patients", json={"family_name": "Иванов", "given_name": "\u2800"}).json()
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "given_name")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff\xfe",
        b'{"family_name": "\\ud800"}',
        b'{"family_name": ' + b"9" * 5000 + b"}",
        b'{"family_name": 1e999999}',
        b'{"family_name": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"",
        b"null",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_body_that_makes_no_sense_is_refused(receptionist: Browser, content: bytes) -> None:
    answer = receptionist.post("/api/patients", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "body_malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
def test_another_kind_of_body_is_refused(receptionist: Browser, kind: str) -> None:
    answer = receptionist.post("/api/patients", content=b'{"family_name": "X"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "body_malformed")


@pytest.mark.parametrize(
    "more",
    [
        {"starts_at": "9999-12-31T23:59:00"},
        {"starts_at": "0001-01-01T00:00:00"},
        {"starts_at": "2026-02-30T10:00"},
        {"starts_at": "2026-11-23T10:00:00+03:00"},
        {"starts_at": "2026-11-23T10:00:30"},
        {"starts_at": 1764000000},
        {"patient_id": "12"},
        {"doctor_id": {}},
        {"lines": [{"service_id": "00000000-0000-0000-0000-000000000000", "quantity": 10**30}]},
        {"lines": [{"service_id": "00000000-0000-0000-0000-000000000000", "quantity": True}]},
        {"lines": [{"service_id": "00000000-0000-0000-0000-000000000000", "quantity": 0}]},
    ],
    ids=str,
)
def test_a_booking_out_of_all_bounds_is_refused(world: World, receptionist: Browser, more: dict[str, object]) -> None:
    answer = receptionist.post("/api/visits", json=new_visit(world) | more)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_malformed")


@pytest.mark.parametrize(
    "path",
    [
        "/api/calendar",
        "/api/calendar?from=2026-11-23&to=2026-11-22",
        "/api/calendar?from=2026-01-01&to=2026-12-31",
        "/api/calendar?from=9999-12-31&to=9999-12-31",
        "/api/calendar?from=2026-11-23&to=2026-11-23&doctor_ids=x",
        "/api/visits?page=0",
        "/api/visits?page=99999999999999999999",
        "/api/visits?size=100000",
        "/api/visits?sort=drop",
        "/api/visits?nonsense=1",
        "/api/patients?q=" + "я" * 101,
        "/api/visits/not-an-id",
    ],
)
def test_a_query_out_of_all_bounds_is_refused(receptionist: Browser, path: str) -> None:
    answer = receptionist.get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_malformed")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused(receptionist: Browser, chunked: bool) -> None:
    large = b'{"family_name": "' + b"x" * MAX_BODY + b'"}'
    content = iter([large[:1000], large[1000:]]) if chunked else large
    answer = receptionist.post("/api/patients", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_unknown_pages_and_methods_are_problems_too(receptionist: Browser) -> None:
    assert receptionist.get("/api/nothing").json()["code"] == "not_found"
    assert receptionist.get("/api").json()["code"] == "not_found"
    refused = receptionist.put("/api/visits", json={})
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]) == (
        405,
        "method_not_allowed",
        {"allowed": ["GET", "POST"]},
    )
    assert refused.headers["allow"] == "GET, POST"


@pytest.mark.spec("SEC-5")
def test_an_error_of_ours_shows_nothing_but_the_number_of_the_request(
    world: World, receptionist: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("secret: Иванова Мария, +79161234567")

    monkeypatch.setattr(world.app.state.components.principals, "of", broken)
    answer = receptionist.get("/api/me", headers={"X-Correlation-Id": "made-by-a-test"})
    assert answer.status_code == 500
    assert answer.json()["facts"] == {"correlation_id": "made-by-a-test"}
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.spec("UI-3")
def test_every_refusal_of_a_rule_is_a_russian_sentence_with_facts(world: World, receptionist: Browser) -> None:
    receptionist.do("POST", "/api/visits", new_visit(world, start="11:00", end="11:30"), expect=201)
    refused = receptionist.do("POST", "/api/visits", new_visit(world, start="07:00", end="07:30"), expect=409)
    assert refused["code"] == "outside_working_hours"
    assert refused["type"] == "urn:denta:outside_working_hours"
    assert refused["facts"]["doctor"] == {"id": str(world.doctor), "name": "Соколов Пётр"}
    assert RUSSIAN & set(refused["title"].lower())


def test_minutes_are_declined() -> None:
    assert [minutes(n * 60) for n in (1, 2, 5, 11, 21, 22, 112)] == [
        "1 минуту",
        "2 минуты",
        "5 минут",
        "11 минут",
        "21 минуту",
        "22 минуты",
        "112 минут",
    ]
    assert minutes(1) == "1 минуту"


def test_the_same_words_are_in_the_description(world: World) -> None:
    described = json.dumps(world.app.openapi(), ensure_ascii=False)
    assert "application/problem+json" in described
