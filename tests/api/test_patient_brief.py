"""Who a patient is, wherever a visit is booked or shown: by the right to it, and by the visits that may be seen (CAL-14)."""

from datetime import timedelta

import pytest

from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit


@pytest.mark.spec("CAL-14", "VIS-6")
def test_comment_birth_date_visits_and_how_often_they_did_not_come(
    world: World, receptionist: Browser, administrator: Browser
) -> None:
    card = {"family_name": "Лидокаинова", "comment": "Аллергия на лидокаин", "birth_date": "1980-05-06"}
    patient = receptionist.do("POST", "/api/patients", card, expect=201)
    part = receptionist.do("POST", "/api/patients", {"family_name": "Лидокаина", "comment": "Боится"}, expect=201)

    def book(day: int, *statuses: str, of: str = patient["id"]) -> str:
        body = new_visit(world, MONDAY + timedelta(days=day), "12:00", "12:30", patient_id=of)
        booked = receptionist.do("POST", "/api/visits", body, expect=201)
        for status in statuses:
            address = f"/api/visits/{booked['id']}/status"
            booked = receptionist.do("POST", address, {"status": status}, version=booked["version"])
        return str(booked["id"])

    past, coming = book(-28, "arrived", "in_progress", "completed"), book(14)
    book(-21, "no_show")
    book(7, "cancelled", of=part["id"])
    receptionist.do("POST", f"/api/visits/{book(7)}/delete", version=1)
    merged = {"patient_id": part["id"]}
    administrator.do("POST", f"/api/patients/{patient['id']}/merge", merged, version=patient["version"])
    receptionist.position = administrator.position
    for asked in (patient["id"], part["id"]):
        brief = receptionist.get_ok(f"/api/patients/{asked}/brief")
        assert (brief["visible"], brief["birth_date"], brief["comments"]) == (
            True,
            "1980-05-06",
            ["Аллергия на лидокаин", "Боится"],
        )
        assert (brief["last_visit"]["id"], brief["next_visit"]["id"]) == (past, coming)
        assert brief["last_visit"]["doctor"]["name"] == "Соколов Пётр"
        assert (brief["attended"], brief["cancelled"], brief["no_shows"]) == (1, 1, 1)
    for visit, others in ((coming, (past, None)), (past, (None, coming))):
        brief = receptionist.get_ok(f"/api/patients/{patient['id']}/brief", except_visit_id=visit)
        assert tuple(one and one["id"] for one in (brief["last_visit"], brief["next_visit"])) == others


@pytest.mark.spec("CAL-14", "VIS-6", "ACL-6")
def test_without_the_right_nothing_is_shown_and_with_the_own_schedule_only_the_own_visits(
    world: World, administrator: Browser
) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Тихонова", "comment": "Аллергия"}, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Тихая", "takes_visits": True}, expect=201)
    for doctor, status in ((hired["id"], None), (str(world.doctor), "cancelled")):
        body = {**new_visit(world, start="18:00", end="18:30", patient_id=patient["id"]), "doctor_id": doctor}
        booked = administrator.do("POST", "/api/visits", body, expect=201)
        if status:
            administrator.do("POST", f"/api/visits/{booked['id']}/status", {"status": status}, version=booked["version"])
    rights_set = {"name": "Без сведений", "start_page": "calendar", "rights": ["calendar"], "own_schedule_only": True}
    made = administrator.do("POST", "/api/rights-sets", rights_set, expect=201)
    access = {"email": "brief@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        brief = browser.get_ok(f"/api/patients/{patient['id']}/brief")
        assert (brief["visible"], brief["comments"], brief["next_visit"]) == (False, [], None)
        rights = {"rights": ["calendar", "patient_info"]}
        administrator.do("PATCH", f"/api/rights-sets/{made['id']}", rights, version=made["version"])
        brief = browser.get_ok(f"/api/patients/{patient['id']}/brief")
        assert (brief["visible"], brief["comments"], brief["cancelled"]) == (True, ["Аллергия"], 0)
        assert brief["next_visit"]["doctor"]["id"] == hired["id"]


@pytest.mark.spec("CAL-14", "ACL-6")
def test_debt_and_prepayment_are_shown_to_those_who_see_patients_money(world: World, administrator: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Должникова"}, expect=201)
    service = administrator.do("POST", "/api/services", {"name": "Пломба для долга", "price": "1500", "duration": 30}, expect=201)
    body = {**new_visit(world, MONDAY - timedelta(days=27), "12:00", "12:30", patient_id=patient["id"])}
    body["lines"] = [{"service_id": service["id"], "quantity": 1}]
    booked = administrator.do("POST", "/api/visits", body, expect=201)
    for status in ("arrived", "in_progress", "completed"):
        address = f"/api/visits/{booked['id']}/status"
        booked = administrator.do("POST", address, {"status": status}, version=booked["version"])
    start = administrator.get_ok(f"/api/patients/{patient['id']}/payment")
    part = {"desk_id": start["desks"][0]["id"], "sum": "200"}
    paid = {"patient_id": patient["id"], "moment": start["moment"], "parts": [part], "keeps_rest": True}
    administrator.do("POST", "/api/payments", paid, expect=201)
    brief = administrator.get_ok(f"/api/patients/{patient['id']}/brief")
    assert (brief["debt"], brief["prepayment"]) == ("1500.00", "200.00")
    rights = {"name": "Без денег", "start_page": "calendar", "rights": ["calendar", "patient_info"], "own_schedule_only": False}
    made = administrator.do("POST", "/api/rights-sets", rights, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Безденежная"}, expect=201)
    access = {"email": "nomoney@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        brief = browser.get_ok(f"/api/patients/{patient['id']}/brief")
        assert (brief["visible"], brief["debt"], brief["prepayment"]) == (True, None, None)
