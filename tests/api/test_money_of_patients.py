"""Certificates and patients' accounts through the API: who may what, and what isn't there."""

from datetime import timedelta
from uuid import uuid4

import pytest

from aggregates.access.rights import PREDEFINED_SETS
from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit

SELLS_ONLY = next(one.name for one in PREDEFINED_SETS if "certificates" in one.rights and "refunds" not in one.rights)


@pytest.mark.parametrize("way", ["delete", "return"])
def test_certificates_are_deleted_and_returned_by_those_who_may_refund(way: str, world: World, administrator: Browser) -> None:
    url = f"/api/certificates/{uuid4()}/{way}"
    administrator.do("POST", url, version=1, expect=404)
    with world.browser(SELLS_ONLY) as reception:
        assert reception.do("POST", url, version=1, expect=403)["code"] == "right_missing"
        reception.get_ok("/api/certificates")


def test_nobody_has_an_account_without_a_card(administrator: Browser) -> None:
    administrator.do("GET", f"/api/patients/{uuid4()}/account", expect=404)


@pytest.mark.spec("FIN-7", "ACL-6")
def test_the_register_of_an_organisation_names_patients_to_those_who_open_cards(world: World, administrator: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Застрахованный"}, expect=201)["id"]
    service = {"name": "Осмотр по ДМС", "price": "900", "duration": 30}
    line = {"service_id": administrator.do("POST", "/api/services", service, expect=201)["id"], "quantity": 1}
    body = {**new_visit(world, MONDAY - timedelta(days=26), "12:00", "12:30", patient_id=patient), "lines": [line]}
    visit = administrator.do("POST", "/api/visits", body, expect=201)["id"]
    insurer = administrator.do("POST", "/api/counterparties", {"fields": {"name": "Полис"}}, expect=201)["id"]
    moment = administrator.get_ok(f"/api/patients/{patient}/payment")["moment"]
    paid = {"patient_id": patient, "moment": moment, "visits": [{"visit_id": visit, "sum": "900"}]}
    owed = {**paid, "parts": [{"owed": True, "sum": "900"}], "counterparty_id": insurer}
    assert administrator.do("POST", "/api/payments", {**owed, "counterparty_id": None}, expect=409)["code"] == "wrong_value"
    administrator.do("POST", "/api/payments", owed, expect=201)
    start = administrator.get_ok(f"/api/patients/{patient}/payment")
    assert start["payer"] == {"kind": "counterparty", "id": insurer, "name": "Полис"}
    register = administrator.get_ok(f"/api/settlements/{insurer}/register")
    (item,) = register["items"]
    assert (register["sum"], item["patient"]["id"], item["services"]) == ("900.00", patient, "Осмотр по ДМС")
    rights = {"name": "Расчёты", "start_page": "settlements", "rights": ["settlements"], "own_schedule_only": False}
    made = administrator.do("POST", "/api/rights-sets", rights, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Бухгалтерова"}, expect=201)
    access = {"email": "books@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired['id']}/access", access)
    with world.browser() as browser:
        browser.sign_in(access["email"])
        (item,) = browser.get_ok(f"/api/settlements/{insurer}/register")["items"]
        assert (item["patient"], item["card_number"], item["services"], item["sum"]) == (None, "", "", "900.00")
