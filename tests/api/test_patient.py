"""A patient's card through the API: what the registry forbids, deletion and return, photo, duplicates and merging."""

import asyncio
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from aggregates.people.patient import PatientCard
from tests.api.world import Browser, World, new_visit, rows
from tests.gateways.test_photographs import picture


def new_patient(browser: Browser, **card: Any) -> str:
    created: str = browser.do("POST", "/api/patients", {"family_name": "Пациентов", **card}, expect=201)["id"]
    return created


def accept(world: World, patient_id: str) -> int:
    """The registry takes the card as it is; the log's position."""
    card = world.denta.clinic.load(PatientCard, UUID(patient_id))
    card.accept_by_registry(card.name, card.birth_date, at=world.denta.clock())
    return world.denta.clinic.save(card, ctx=world.context("accept")).position


@pytest.mark.spec("PAT-4")
def test_what_the_registry_accepted_is_shown_and_changes_against_it_are_refused_at_their_field(
    world: World, receptionist: Browser
) -> None:
    names = {"family_name": "Зимина", "given_name": "Анна", "patronymic": "Львовна"}
    patient = new_patient(receptionist, **names, birth_date="1999")
    path = f"/api/patients/{patient}"
    assert receptionist.get_ok(path)["registry"] is None
    receptionist.position = accept(world, patient)
    assert receptionist.get_ok(path)["registry"] == {"name": names, "birth_date": "1999"}

    refused = receptionist.do("PATCH", path, {"birth_date": "1998"}, version=2, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("birth_date_accepted_by_registry", "birth_date")
    changed = {"family_name": "Летова", "given_name": "Инна"}
    refused = receptionist.do("PATCH", path, changed, version=2, expect=409)
    assert (refused["code"], refused["facts"]["fields"]) == ("name_accepted_by_registry", ["family_name", "given_name"])
    receptionist.do("PATCH", path, {"family_name": "Летова", "birth_date": "1999-05-02"}, version=2)
    assert receptionist.get_ok(path)["registry"]["name"] == names


@pytest.mark.spec("DEL-1")
def test_a_deleted_patient_is_hidden_offered_to_nobody_and_not_booked(world: World, administrator: Browser) -> None:
    patient = new_patient(administrator, family_name="Удаляемая")
    path = f"/api/patients/{patient}"
    administrator.do("POST", f"{path}/delete", version=1)
    assert rows(administrator.get_ok("/api/patients/search", q="удаляемая")) == []
    assert rows(administrator.get_ok("/api/patients", q="удаляемая")) == []
    (shown,) = rows(administrator.get_ok("/api/patients", q="удаляемая", deleted=True))
    assert (shown["id"], shown["deleted"]) == (patient, True)
    assert administrator.get_ok(path)["deleted"] is True
    refused = administrator.do("POST", "/api/visits", new_visit(world, patient_id=patient), expect=409)
    assert refused["code"] == "patient_deleted"
    administrator.do("POST", f"{path}/return", {}, version=2)
    administrator.do("POST", "/api/visits", new_visit(world, patient_id=patient), expect=201)


@pytest.mark.spec("DEL-2", "UI-3")
def test_coming_visits_conflict_with_a_deletion_and_are_named(world: World, administrator: Browser) -> None:
    patient = new_patient(administrator, family_name="Ожидаемая")
    booked = administrator.do("POST", "/api/visits", new_visit(world, patient_id=patient, doctor_id=None), expect=201)
    refused = administrator.do("POST", f"/api/patients/{patient}/delete", version=1, expect=409)
    (visit,) = refused["facts"]["visits"]
    assert (refused["code"], visit["number"], visit["patient"]["name"]) == ("patient_has_visits", booked["number"], "Ожидаемая")
    now = administrator.get_ok(f"/api/patients/{patient}/conflicts")
    assert now == {"sentence": refused["title"], "visits": [visit], "others": 0}
    administrator.do("POST", f"/api/visits/{booked['id']}/status", {"status": "cancelled"}, version=1)
    assert administrator.get_ok(f"/api/patients/{patient}/conflicts") == {"sentence": "", "visits": [], "others": 0}
    administrator.do("POST", f"/api/patients/{patient}/delete", version=1)
    for action, body in (("status", {"status": "planned"}), ("delete", None)):
        answer = administrator.request("POST", f"/api/visits/{booked['id']}/{action}", json=body, headers={"If-Match": '"2"'})
        expected = (409, "patient_deleted") if action == "status" else (200, None)
        assert (answer.status_code, answer.json().get("code")) == expected
    refused = administrator.do("POST", f"/api/visits/{booked['id']}/return", version=3, expect=409)
    assert refused["code"] == "patient_deleted"


@pytest.mark.spec("DEL-2")
def test_a_card_whose_number_was_taken_meanwhile_returns_with_a_new_one_alone(administrator: Browser) -> None:
    patient = new_patient(administrator, card_number="Д-1")
    path = f"/api/patients/{patient}"
    administrator.do("POST", f"{path}/delete", version=1)
    other = new_patient(administrator, card_number="Д-1")
    refused = administrator.do("POST", f"{path}/return", {}, version=2, expect=409)
    assert (refused["code"], refused["facts"]["card_number"]) == ("card_number_taken", "Д-1")
    name = administrator.get_ok(f"/api/patients/{other}")["name"]
    assert refused["facts"]["by"] == {"id": other, "name": name, "card_number": "Д-1"}
    returned = administrator.do("POST", f"{path}/return", {"new_number": True}, version=2)
    shown = administrator.get_ok(path)
    assert (shown["deleted"], shown["card_number"]) == (False, returned["card_number"])
    assert returned["card_number"] != "Д-1"


def put_photo(browser: Browser, patient: str, content: bytes, version: int) -> Any:
    headers = {"If-Match": f'"{version}"', "Content-Type": "application/octet-stream"}
    return browser.request("PUT", f"/api/patients/{patient}/photo", content=content, headers=headers)


@pytest.mark.spec("PAT-1", "SEC-3")
def test_a_photo_is_taken_shown_safely_and_taken_off(receptionist: Browser) -> None:
    patient = new_patient(receptionist)
    path = f"/api/patients/{patient}"
    assert receptionist.get_ok(path)["photo"] is None
    assert put_photo(receptionist, patient, picture("PNG"), 1).status_code == 200
    photo = receptionist.get_ok(path)["photo"]
    shown = receptionist.get(f"{path}/photo", params={"sha256": photo["sha256"]})
    assert Image.open(BytesIO(shown.content)).format == "JPEG"
    assert (len(shown.content), sha256(shown.content).hexdigest()) == (photo["size"], photo["sha256"])
    headers = {name: shown.headers[name] for name in ("content-type", "x-content-type-options", "cache-control")}
    assert headers == {"content-type": "image/jpeg", "x-content-type-options": "nosniff", "cache-control": "private, max-age=600"}
    assert shown.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"

    receptionist.do("DELETE", f"{path}/photo", version=2)
    assert receptionist.get_ok(path)["photo"] is None
    assert receptionist.get(f"{path}/photo", params={"sha256": photo["sha256"]}).status_code == 404


def test_a_key_that_brought_one_photo_brings_no_other(receptionist: Browser) -> None:
    patient = new_patient(receptionist)
    headers = {"If-Match": '"1"', "Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid4())}
    codes = [
        receptionist.request("PUT", f"/api/patients/{patient}/photo", content=content, headers=headers).json().get("code")
        for content in (picture("PNG"), picture("PNG"), picture("PNG", size=(30, 30)))
    ]
    assert codes == [None, None, "idempotency_key_reused"]


@pytest.mark.spec("SEC-1", "SEC-3")
def test_a_photo_is_reached_through_its_patient_and_a_right(world: World, receptionist: Browser) -> None:
    patient, other = new_patient(receptionist), new_patient(receptionist)
    put_photo(receptionist, patient, picture(), 1)
    query = {"sha256": receptionist.get_ok(f"/api/patients/{patient}")["photo"]["sha256"]}
    assert receptionist.get(f"/api/patients/{other}/photo", params=query).status_code == 404
    for who, status in ((None, 401), ("Аудитор", 403)):
        with world.browser(who) as browser:
            assert browser.get(f"/api/patients/{patient}/photo", params=query).status_code == status


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg/>", picture()[:900], b""])
def test_what_is_no_photo_is_refused_and_leaves_the_card_as_it_is(receptionist: Browser, content: bytes) -> None:
    patient = new_patient(receptionist)
    refused = put_photo(receptionist, patient, content, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_photograph")
    assert receptionist.get_ok(f"/api/patients/{patient}")["version"] == 1


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize(("announced", "read"), [(True, 0), (False, 16)])
def test_an_upload_that_is_too_large_is_refused_before_it_is_read(
    world: World, receptionist: Browser, announced: bool, read: int
) -> None:
    """As the application takes it, megabyte by megabyte: the web server itself goes on throwing away what still comes."""
    answered, taken = [], 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": bytes(1_000_000), "more_body": taken < 200}

    async def send(message: Any) -> None:
        answered.append(message)

    headers = {
        "origin": world.origin,
        "host": world.origin.removeprefix("http://"),
        "cookie": f"denta_session={receptionist.cookies['denta_session']}",
        "if-match": '"1"',
        **({"content-length": "200000000"} if announced else {}),
    }
    path = f"/api/patients/{world.patient}/photo"
    scope = {
        "type": "http", "http_version": "1.1", "method": "PUT", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(world.app(scope, receive, send))  # type: ignore[arg-type]  # an ASGI application gives a coroutine
    assert (answered[0]["status"], taken) == (413, read)


@pytest.mark.spec("SEC-3")
def test_the_larger_limit_is_the_uploads_alone(receptionist: Browser) -> None:
    patient = new_patient(receptionist)
    assert put_photo(receptionist, patient, bytes(3_000_000), 1).status_code == 409
    answer = receptionist.post("/api/patients", content=bytes(3_000_000), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.spec("SEC-3")
def test_a_stranger_is_refused_before_an_upload_is_read(world: World) -> None:
    with world.browser() as browser:
        answer = put_photo(browser, str(world.patient), bytes(5_000_000), 1)
    assert answer.status_code == 401


def merged(browser: Browser, survivor: str, part: str, version: int = 1) -> None:
    browser.do("POST", f"/api/patients/{survivor}/merge", {"patient_id": part}, version=version)


def version_of(browser: Browser, patient: str) -> int:
    version: int = browser.get_ok(f"/api/patients/{patient}")["version"]
    return version


def compared(browser: Browser, survivor: str, part: str) -> Any:
    return browser.get_ok(f"/api/patients/{survivor}/differences/{part}")


@pytest.mark.spec("PAT-9")
def test_merging_shows_both_cards_and_keeps_what_only_the_other_one_has(administrator: Browser) -> None:
    survivor = new_patient(
        administrator, family_name="Сбокова", given_name="Анна", phone="8 916 801-00-01", comment="Звонить вечером"
    )
    others = {"phone": "8 916 801-00-02", "email": "anna@mail.ru", "comment": "Аллергия на лидокаин", "snils": "11223344595"}
    part = new_patient(administrator, family_name="Сбокова", given_name="Анна", **others)
    before = {card: administrator.get_ok(f"/api/patients/{card}") for card in (survivor, part)}

    shown = compared(administrator, survivor, part)
    assert {one["group"]: (one["own"], one["other"], one["default"]) for one in shown["items"]} == {
        "phone": ([known("+7 916 801-00-01")], [known("+7 916 801-00-02")], "both"),
        "email": ([], [known("anna@mail.ru")], "other"),
        "snils": ([], [known("112-233-445 95")], "other"),
        "comment": ([known("Звонить вечером")], [known("Аллергия на лидокаин")], "both"),
    }
    choices = {"snils": "own"}
    body = {"patient_id": part, "version": shown["other_version"], "choices": choices}
    administrator.do("POST", f"/api/patients/{survivor}/merge", body, version=shown["version"])

    card = administrator.get_ok(f"/api/patients/{survivor}")
    assert (card["phone"], card["other_phones"], card["email"], card["snils"], card["comment"]) == (
        *("+79168010001", "+7 916 801-00-02", "anna@mail.ru", "", "Звонить вечером\nАллергия на лидокаин"),
    )
    left = compared(administrator, survivor, part)["items"]
    assert [one["group"] for one in left] == ["snils"], "what wasn't taken over stays in sight"
    administrator.do("POST", f"/api/patients/{survivor}/unmerge", {"patient_id": part}, version=card["version"])
    for unmerged, was in before.items():
        now = administrator.get_ok(f"/api/patients/{unmerged}")
        assert {**now, "version": 0} == {**was, "version": 0}


def known(value: str, label: str = "") -> dict[str, str]:
    return {"label": label, "value": value}


@pytest.mark.spec("PAT-9")
@pytest.mark.parametrize("changed", ["kept", "part"])
def test_a_card_that_was_changed_since_it_was_compared_is_not_merged(administrator: Browser, changed: str) -> None:
    cards = {which: new_patient(administrator, family_name="Опоздавшая", comment=which) for which in ("kept", "part")}
    shown = compared(administrator, cards["kept"], cards["part"])
    administrator.do("PATCH", f"/api/patients/{cards[changed]}", {"comment": "Аллергия"}, version=1)

    body = {"patient_id": cards["part"], "version": shown["other_version"]}
    answer = administrator.request(
        "POST", f"/api/patients/{cards['kept']}/merge", json=body, headers={"If-Match": f'"{shown["version"]}"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "version_moved")
    assert administrator.get_ok(f"/api/patients/{cards['kept']}")["absorbed"] == []


@pytest.mark.spec("PAT-6")
def test_possible_duplicates_are_found_by_phone_and_by_name_with_birth_date(receptionist: Browser) -> None:
    names = {"family_name": "Семёнова", "given_name": "Алёна"}
    by_name = new_patient(receptionist, **names, birth_date="1991-02-03")
    by_phone = new_patient(receptionist, family_name="Другая", phone="9990001122")
    new_patient(receptionist, **names, birth_date="1991-02-04")
    new_patient(receptionist, family_name="Семёнова", given_name="Алёна-Мария", birth_date="1991-02-03")

    receptionist.get_ok("/api/patients")  # the read model knows them all from here on

    def alike(**likeness: str) -> list[str]:
        answer = receptionist.do("POST", "/api/patients/duplicates", likeness)
        return [patient["id"] for patient in rows(answer)]

    assert alike(phone="8 999 000-11-22") == [by_phone]
    assert alike(family_name="семенова", given_name=" АЛЕНА ", birth_date="1991-02-03") == [by_name]
    assert alike(**names, birth_date="--02-03") == [by_name]
    assert set(alike(**names, birth_date="1991-02-03", phone="9990001122")) == {by_name, by_phone}
    assert alike(**names) == alike(phone="999000") == alike() == []
    assert alike(phone="9990001122", exclude_id=by_phone) == []


@pytest.mark.spec("PAT-6")
@pytest.mark.parametrize("written", ["Заяцев Волковский", "Заяцев–Волковский", "Зaяцев\u2011Волковский", "ЗАЯЦЕВ - ВОЛКОВСКИЙ"])
def test_possible_duplicates_are_found_however_the_name_is_written(receptionist: Browser, written: str) -> None:
    born = "19" + str(70 + len(written))  # one for each spelling, so that patients of other tests aren't found as duplicates
    known = new_patient(receptionist, family_name="Заяцев-Волковский", given_name="Вели оглы", birth_date=born)
    receptionist.get_ok("/api/patients")
    likeness = {"family_name": written, "given_name": "Велиоглы", "birth_date": born}
    assert known in [patient["id"] for patient in rows(receptionist.do("POST", "/api/patients/duplicates", likeness))]


@pytest.mark.spec("PAT-6")
def test_a_duplicate_of_a_merged_card_is_shown_as_the_survivor(administrator: Browser) -> None:
    survivor = new_patient(administrator, family_name="Замужняя", given_name="Вера", phone="9995560001", birth_date="1985-04-05")
    part = new_patient(administrator, family_name="Незамужняя", given_name="Вера", phone="9995560002", birth_date="1985-04-05")
    merged(administrator, survivor, part)
    administrator.get_ok("/api/patients")  # the read model knows them all from here on

    def alike(**likeness: str) -> list[str]:
        return [patient["id"] for patient in rows(administrator.do("POST", "/api/patients/duplicates", likeness))]

    assert alike(phone="8 999 556-00-02") == [survivor]
    assert alike(family_name="Незамужняя", given_name="Вера", birth_date="1985") == [survivor]
    assert alike(phone="8 999 556-00-02", exclude_id=survivor) == []


@pytest.mark.spec("PAT-1")
@pytest.mark.parametrize(
    "written", ["+7\u00a0912\u00a0345\u201167\u201189", "8.912.345.67.89", "+7–912–345–67–89", "8 (912) 345-67-89"]
)
def test_a_phone_is_taken_however_it_was_pasted(receptionist: Browser, written: str) -> None:
    patient = new_patient(receptionist, phone=written, snils="112\u2011233\u2011445\u00a095")
    card = receptionist.get_ok(f"/api/patients/{patient}")
    assert (card["phone"], card["snils"]) == ("+79123456789", "11223344595")


@pytest.mark.spec("PAT-6", "CAL-8")
def test_visits_of_a_merged_card_are_shown_with_the_survivor_until_the_cards_are_separated(
    world: World, administrator: Browser
) -> None:
    survivor = new_patient(administrator, family_name="Основная", phone="9995550001", card_number="М-1")
    part = new_patient(administrator, family_name="Девичья", phone="9995550002", card_number="М-2")
    early = administrator.do(
        "POST", "/api/visits", new_visit(world, patient_id=part, start="09:00", end="09:30", doctor_id=None), expect=201
    )
    administrator.do("POST", f"/api/visits/{early['id']}/status", {"status": "arrived"}, version=1)
    late = administrator.do("POST", "/api/visits", new_visit(world, patient_id=survivor, doctor_id=None), expect=201)

    def visits(patient: str) -> set[str]:
        return {visit["id"] for visit in rows(administrator.get_ok(f"/api/patients/{patient}/visits"))}

    def first_visit() -> bool:
        return bool(administrator.get_ok(f"/api/visits/{late['id']}")["first_visit"])

    assert (visits(survivor), first_visit()) == ({late["id"]}, True)
    merged(administrator, survivor, part)
    assert (visits(survivor), first_visit()) == ({late["id"], early["id"]}, False)
    shown = administrator.get_ok(f"/api/visits/{early['id']}")
    assert (shown["patient"]["id"], shown["patient"]["name"], shown["version"]) == (survivor, "Основная", 2)
    assert administrator.get_ok("/api/visits", q="основная")["total"] == 2
    for query in ("девичья", "М-2", "9995550002", "основная"):
        assert [found["id"] for found in rows(administrator.get_ok("/api/patients/search", q=query))] == [survivor], query
    booked = administrator.do(
        "POST", "/api/visits", new_visit(world, patient_id=part, start="12:00", end="12:30", doctor_id=None), expect=201
    )
    assert administrator.get_ok(f"/api/visits/{booked['id']}")["patient"]["id"] == survivor

    merged_into = administrator.get_ok(f"/api/patients/{part}")["merged_into"]
    assert merged_into == {"id": survivor, "name": "Основная", "card_number": "М-1"}
    parts = administrator.get_ok(f"/api/patients/{survivor}")["absorbed"]
    assert parts == [{"id": part, "name": "Девичья", "card_number": "М-2"}]
    refused = administrator.do("PATCH", f"/api/patients/{part}", {"phone": ""}, version=2, expect=409)
    assert (refused["code"], refused["facts"]["into"]) == ("card_merged", merged_into)

    administrator.do(
        "POST", f"/api/patients/{survivor}/unmerge", {"patient_id": part}, version=version_of(administrator, survivor)
    )
    assert (visits(survivor), visits(part), first_visit()) == ({late["id"], booked["id"]}, {early["id"]}, True)
    assert [found["id"] for found in rows(administrator.get_ok("/api/patients/search", q="девичья"))] == [part]


@pytest.mark.spec("PAT-6", "AUD-1")
def test_merging_and_separating_are_in_the_journal_and_the_history_of_both(administrator: Browser) -> None:
    survivor, part = new_patient(administrator, family_name="Первая"), new_patient(administrator, family_name="Вторая")
    merged(administrator, survivor, part)
    administrator.do(
        "POST", f"/api/patients/{survivor}/unmerge", {"patient_id": part}, version=version_of(administrator, survivor)
    )
    for card, says in ((survivor, ("отделена другая", "присоединена другая")), (part, ("отделена от", "присоединена к"))):
        history = rows(administrator.get_ok(f"/api/history/patient/{card}"))
        assert [word in item["text"] for word, item in zip(says, history, strict=False)] == [True, True]
        journal = rows(administrator.get_ok("/api/journal", object_id=card, object_type="patient"))
        assert len([item for item in journal if item["kind"] in {"patient_merged", "patient_separated"}]) == 4
