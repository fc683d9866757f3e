"""Working hours and their versions through the API: saving, conflicts, looking back, restoring."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.world import MONDAY, PASSWORD, Browser, World, eventually, new_visit, rows

TUESDAY, WEEK_LATER = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
WEEK = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=6)).isoformat()}


def hired(administrator: Browser, name: str) -> str:
    doctor = {"family_name": name, "takes_visits": True, "position": "Врач"}
    identity: str = administrator.do("POST", "/api/employees", doctor, expect=201)["id"]
    return identity


def grid(administrator: Browser) -> dict[str, Any]:
    shown: dict[str, Any] = administrator.get_ok("/api/schedule", **WEEK)
    return shown


def save(administrator: Browser, *days: dict[str, Any], version: int | None = None, expect: int = 200, **more: Any) -> Any:
    at = grid(administrator)["version"] if version is None else version
    return administrator.do("POST", "/api/schedule/changes", {"days": list(days), **more}, version=at, expect=expect)


def day(employee_id: str, when: date, kind: str = "off", *intervals: list[str]) -> dict[str, Any]:
    return {"employee_id": employee_id, "date": when.isoformat(), "kind": kind, "intervals": list(intervals)}


@pytest.mark.spec("SCH-2", "SCH-5")
def test_a_new_employee_follows_the_organisation_and_a_save_is_one_version(administrator: Browser) -> None:
    doctor = hired(administrator, "Новиков")
    before = grid(administrator)
    (shown,) = [employee for employee in before["employees"] if employee["id"] == doctor]
    assert shown["week"] is None
    assert [cell["intervals"] for cell in shown["days"]] == [[["09:00", "21:00"]]] * 7
    save(administrator, day(doctor, MONDAY), day(doctor, TUESDAY, "work", ["20:00", "08:00"]))
    after = grid(administrator)
    assert after["version"] == before["version"] + 1
    (shown,) = [employee for employee in after["employees"] if employee["id"] == doctor]
    assert shown["days"][0] == {"date": MONDAY.isoformat(), "kind": "off", "intervals": [], "own": True}
    assert shown["days"][1]["intervals"] == [["20:00", "08:00"]]
    (newest, *_) = rows(administrator.get_ok("/api/schedule/versions"))
    assert (newest["version"], newest["kind"], newest["days_changed"]) == (after["version"], "saved", 2)
    assert newest["author"]["name"] == "Орлова Анна"
    save(administrator, {"employee_id": doctor, "date": MONDAY.isoformat(), "clear": True})
    (shown,) = [employee for employee in grid(administrator)["employees"] if employee["id"] == doctor]
    assert shown["days"][0]["own"] is False


@pytest.mark.spec("SCH-6")
def test_saving_over_a_newer_version_shows_what_the_others_changed(administrator: Browser) -> None:
    doctor = hired(administrator, "Спорный")
    base = grid(administrator)["version"]
    save(administrator, day(doctor, MONDAY))
    refused = save(administrator, day(doctor, TUESDAY), version=base, expect=412)
    assert refused["code"] == "schedule_moved"
    (change,) = refused["facts"]["changes"]["days"]
    assert change == {
        "employee": {"id": doctor, "name": "Спорный"},
        "date": MONDAY.isoformat(),
        "old": None,
        "new": {"kind": "off", "intervals": []},
    }
    assert [version["author"]["name"] for version in refused["facts"]["versions"]] == ["Орлова Анна"]


@pytest.mark.spec("SCH-5")
def test_a_cell_or_a_week_that_is_set_twice_in_one_save_is_refused(administrator: Browser) -> None:
    doctor = hired(administrator, "Двойной")
    before = grid(administrator)
    twice = [day(doctor, MONDAY, "work", ["09:00", "12:00"]), {"employee_id": doctor, "date": MONDAY.isoformat(), "clear": True}]
    weeks = [{"employee_id": doctor, "week": [[]] * 7}, {"employee_id": doctor, "week": None}]
    refusals = [save(administrator, *twice, expect=422), save(administrator, weeks=weeks, expect=422)]
    assert [refusal["facts"]["fields"][0]["reason"] for refusal in refusals] == [
        "День сотрудника указан дважды. Оставьте один",
        "Неделя сотрудника указана дважды. Оставьте одну",
    ]
    assert grid(administrator) == before


@pytest.mark.spec("SCH-8", "UI-3")
def test_a_day_off_over_a_live_visit_is_refused_with_names(world: World, administrator: Browser) -> None:
    doctor = hired(administrator, "Занятый")
    booked = administrator.do("POST", "/api/visits", new_visit(world, doctor_id=doctor), expect=201)
    refused = save(administrator, day(doctor, MONDAY), expect=409)
    assert refused["code"] == "conflicting_visits"
    (conflict,) = refused["facts"]["conflicts"]
    assert conflict["employee"] == {"id": doctor, "name": "Занятый"}
    assert conflict["date"] == MONDAY.isoformat()
    (visit,) = conflict["visits"]
    assert (visit["number"], visit["patient"]["name"], visit["doctor"]["name"]) == (booked["number"], "Иванова", "Занятый")


def conflicts(browser: Browser, *days: Any) -> list[Any]:
    answer = browser.do("POST", "/api/schedule/conflicts", {"days": days})
    return list(answer["conflicts"])


@pytest.mark.spec("SCH-7", "SCH-8", "SEC-6")
def test_conflicts_are_listed_with_phones_and_followed_until_none_is_left(world: World, administrator: Browser) -> None:
    doctor = hired(administrator, "Отпускной")
    patient = administrator.do("POST", "/api/patients", {"family_name": "Звонкова", "phone": "+7 916 555-00-01"}, expect=201)[
        "id"
    ]
    booked = [
        administrator.do(
            "POST", "/api/visits", {**new_visit(world, doctor_id=doctor, day=each), "patient_id": patient}, expect=201
        )
        for each in (MONDAY, TUESDAY)
    ]
    vacation = [day(doctor, each, "vacation") for each in (MONDAY, TUESDAY)]
    refused = save(administrator, *vacation, expect=409)
    frames = refused["facts"]["conflicts"]
    assert [visit["phone"] for frame in frames for visit in frame["visits"]] == ["+79165550001"] * 2
    assert conflicts(administrator, *vacation) == frames
    looks = [one for one in administrator.get_ok("/api/access-log")["items"] if "врач: Отпускной" in one["filter"]]
    assert [(look["count"], look["action"]) for look in looks] == [(2, "Просмотр списка")]
    assert any("мешают изменению" in line for line in looks[0]["filter"])

    moved = {"starts_at": f"{WEEK_LATER}T10:00:00", "ends_at": f"{WEEK_LATER}T10:30:00"}
    administrator.do("PATCH", f"/api/visits/{booked[0]['id']}", moved, version=1)
    assert [frame["date"] for frame in conflicts(administrator, *vacation)] == [TUESDAY.isoformat()]
    assert conflicts(administrator, vacation[0]) == []
    administrator.do("POST", f"/api/visits/{booked[1]['id']}/status", {"status": "cancelled"}, version=1)
    assert conflicts(administrator, *vacation) == []
    save(administrator, *vacation)


@pytest.mark.spec("SCH-8", "SCH-13", "SEC-6", "VIS-6")
def test_phones_of_conflicting_visits_need_a_right_that_shows_them_elsewhere(world: World, administrator: Browser) -> None:
    doctor = hired(administrator, "Скрытный")
    patient = administrator.do("POST", "/api/patients", {"family_name": "Скрытная", "phone": "+7 916 555-00-02"}, expect=201)[
        "id"
    ]
    save(administrator, day(doctor, MONDAY))
    old = grid(administrator)["version"]
    save(administrator, {"employee_id": doctor, "date": MONDAY.isoformat(), "clear": True})
    administrator.do("POST", "/api/visits", {**new_visit(world, doctor_id=doctor), "patient_id": patient}, expect=201)
    seen = []
    for rights in (["hours"], ["hours", "calendar"], ["hours", "patient_info", "calendar"]):
        rights_set = administrator.do(
            "POST", "/api/rights-sets", {"name": f"Часы {len(rights)}", "rights": rights, "start_page": rights[0]}, expect=201
        )
        hired_id = hired(administrator, f"Часов{len(rights)}")
        access = {"email": f"hours{len(rights)}@example.org", "password": PASSWORD, "rights_set_id": rights_set["id"]}
        administrator.do("PUT", f"/api/employees/{hired_id}/access", access)
        with world.browser() as browser:
            browser.sign_in(access["email"])
            preview = browser.get_ok(f"/api/schedule/versions/{old}", **WEEK)
            answers = [preview["blockers"]["conflicts"], conflicts(browser, day(doctor, MONDAY))]
            answers.append(save(browser, day(doctor, MONDAY), expect=409)["facts"]["conflicts"])
            seen.append({visit["phone"] for frames in answers for frame in frames for visit in frame["visits"]})
    assert seen == [{""}, {""}, {"+79165550002"}]


@pytest.mark.spec("SCH-9", "SCH-10", "SCH-13", "SCH-16")
def test_an_old_version_shows_its_red_frame_until_the_visit_is_moved_and_then_is_restored(
    world: World, administrator: Browser
) -> None:
    doctor = hired(administrator, "Возвратный")
    save(administrator, day(doctor, MONDAY))
    old = grid(administrator)["version"]
    save(administrator, {"employee_id": doctor, "date": MONDAY.isoformat(), "clear": True})
    booked = administrator.do("POST", "/api/visits", new_visit(world, doctor_id=doctor), expect=201)

    preview = administrator.get_ok(f"/api/schedule/versions/{old}", **WEEK)
    (shown,) = [employee for employee in preview["employees"] if employee["id"] == doctor]
    monday, tuesday = shown["days"][0], shown["days"][1]
    assert (monday["then"]["kind"], monday["now"]["kind"], monday["changed"], monday["conflict"]) == ("off", "work", True, True)
    assert [visit["number"] for visit in monday["visits"]] == [booked["number"]]
    assert (tuesday["changed"], tuesday["conflict"]) == (False, False)
    assert preview["restorable"] is False
    assert [conflict["employee"]["name"] for conflict in preview["blockers"]["conflicts"]] == ["Возвратный"]
    refused = administrator.do("POST", "/api/schedule/restore", {"version": old}, version=preview["current_version"], expect=409)
    assert refused["code"] == "conflicting_visits"

    moved = {"starts_at": f"{TUESDAY}T10:00:00", "ends_at": f"{TUESDAY}T10:30:00"}
    administrator.do("PATCH", f"/api/visits/{booked['id']}", moved, version=1)
    preview = administrator.get_ok(f"/api/schedule/versions/{old}", **WEEK)
    assert preview["restorable"] is True
    administrator.do("POST", "/api/schedule/restore", {"version": old}, version=preview["current_version"])
    (newest, *_) = rows(administrator.get_ok("/api/schedule/versions"))
    assert (newest["kind"], newest["to_version"]) == ("restored", old)
    stale = administrator.do("POST", "/api/schedule/restore", {"version": old}, version=preview["current_version"], expect=412)
    assert stale["code"] == "schedule_moved"


@pytest.mark.spec("SCH-9")
def test_a_preview_counts_what_a_restore_changes_over_all_time(administrator: Browser) -> None:
    doctor = hired(administrator, "Далёкий")
    old = grid(administrator)
    organisation = [[["10:00", "20:00"]], *old["organisation"][1:]]
    week = {"employee_id": doctor, "week": [[["08:00", "14:00"]]] * 7}
    far = (MONDAY - timedelta(days=400), MONDAY, MONDAY + timedelta(days=400))
    save(administrator, *(day(doctor, when) for when in far), organisation=organisation, weeks=[week])

    preview = administrator.get_ok(f"/api/schedule/versions/{old['version']}", **{"from": TUESDAY, "to": TUESDAY})
    assert preview["changes"] == {"organisation_changed": True, "weeks_changed": 1, "days_changed": 3}
    administrator.do("POST", "/api/schedule/restore", {"version": old["version"]}, version=preview["current_version"])
    (newest, *_) = rows(administrator.get_ok("/api/schedule/versions"))
    assert {name: newest[name] for name in preview["changes"]} == preview["changes"]
    now = administrator.get_ok(f"/api/schedule/versions/{newest['version']}", **{"from": TUESDAY, "to": TUESDAY})
    assert now["changes"] == {"organisation_changed": False, "weeks_changed": 0, "days_changed": 0}


@pytest.mark.spec("SCH-11", "DEL-1")
def test_a_deleted_employee_of_the_old_version_blocks_the_restore_by_name(administrator: Browser) -> None:
    doctor = hired(administrator, "Уволенный")
    old = grid(administrator)["version"]
    card = administrator.get_ok(f"/api/employees/{doctor}")
    administrator.do("POST", f"/api/employees/{doctor}/delete", version=card["version"])
    preview = administrator.get_ok(f"/api/schedule/versions/{old}", **WEEK)
    (shown,) = [employee for employee in preview["employees"] if employee["id"] == doctor]
    assert (shown["deleted_now"], preview["restorable"]) == (True, False)
    assert preview["blockers"]["employees"] == [{"id": doctor, "name": "Уволенный"}]
    refused = administrator.do("POST", "/api/schedule/restore", {"version": old}, version=preview["current_version"], expect=409)
    assert refused["code"] == "employees_deleted_since"
    assert refused["facts"]["employees"] == [{"id": doctor, "name": "Уволенный"}]
    administrator.do("POST", f"/api/employees/{doctor}/return", version=card["version"] + 1)
    assert administrator.get_ok(f"/api/schedule/versions/{old}", **WEEK)["blockers"]["employees"] == []


@pytest.mark.spec("SCH-16")
def test_any_moment_can_be_looked_at(administrator: Browser) -> None:
    now = administrator.get_ok("/api/me")["clinic"]["now"][:16]
    (newest, *_) = rows(administrator.get_ok("/api/schedule/versions"))

    def a_minute_later() -> dict[str, Any] | None:
        later = f"{now[:10]}T23:59"
        answer = administrator.get("/api/schedule/at", params={"moment": later, **WEEK})
        return answer.json() if answer.status_code == 200 else None

    assert eventually(a_minute_later)["version"] == newest["version"]
    before = administrator.get("/api/schedule/at", params={"moment": "2001-01-01T00:00", **WEEK})
    assert (before.status_code, before.json()["code"]) == (404, "not_found")


def test_a_version_that_never_was_is_not_found(administrator: Browser) -> None:
    answer = administrator.get("/api/schedule/versions/100000", params=WEEK)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_version")
    assert administrator.get("/api/schedule/versions/0", params=WEEK).status_code == 404


@pytest.mark.spec("SCH-7")
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"type": "cycle", "pattern": "2/2", "hours": [["08:00", "20:00"]]}, ["work", "work", "off", "off"]),
        (
            {"type": "cycle", "pattern": "2/2", "hours": [["08:00", "20:00"]], "starts_with": "off"},
            ["off", "off", "work", "work"],
        ),
        ({"type": "absence", "kind": "vacation"}, ["vacation"] * 4),
    ],
)
def test_ranges_give_cells_that_a_save_takes(administrator: Browser, action: dict[str, Any], expected: list[str]) -> None:
    doctor = hired(administrator, "Сменный")
    asked = {
        "employee_ids": [doctor],
        "from": MONDAY.isoformat(),
        "to": (MONDAY + timedelta(days=3)).isoformat(),
        "action": action,
    }
    days = administrator.do("POST", "/api/schedule/ranges", asked)["days"]
    assert [cell["kind"] for cell in days] == expected
    save(administrator, *days)
    (shown,) = [employee for employee in grid(administrator)["employees"] if employee["id"] == doctor]
    assert [cell["kind"] for cell in shown["days"][:4]] == expected


@pytest.mark.spec("SCH-7")
def test_a_break_is_taken_out_of_the_working_time(administrator: Browser) -> None:
    doctor = hired(administrator, "Обедающий")
    asked = {
        "employee_ids": [doctor],
        "from": MONDAY.isoformat(),
        "to": MONDAY.isoformat(),
        "action": {"type": "break", "interval": ["13:00", "14:00"]},
    }
    (cell,) = administrator.do("POST", "/api/schedule/ranges", asked)["days"]
    assert cell["intervals"] == [["09:00", "13:00"], ["14:00", "21:00"]]


def test_the_organisations_week_and_an_own_week_are_saved(administrator: Browser) -> None:
    doctor = hired(administrator, "Недельный")
    week = [[["10:00", "18:00"]]] * 5 + [[], []]
    save(administrator, weeks=[{"employee_id": doctor, "week": week}])
    (shown,) = [employee for employee in grid(administrator)["employees"] if employee["id"] == doctor]
    assert shown["week"] == week
    save(administrator, weeks=[{"employee_id": doctor, "week": None}])
    (shown,) = [employee for employee in grid(administrator)["employees"] if employee["id"] == doctor]
    assert shown["week"] is None
