"""Pay through the API: who may what, drafts that are calculated as they are looked at, posting by what was seen, payouts."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from aggregates.access.rights import PREDEFINED_SETS, Right
from tests.api.test_money_documents import Till
from tests.api.test_papers import printed
from tests.api.test_patient_info import with_rights
from tests.api.world import Browser, World, rows

pytestmark = pytest.mark.spec("FIN-2")
WITHOUT_PAY = next(one.name for one in PREDEFINED_SETS if not {"payroll", "pay_schemes"} & {*one.rights})
NOVEMBER = {"first": "2026-11-01", "last": "2026-11-30"}


class Office(Till):
    """An employee with a fixed sum."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.employee = browser.do("POST", "/api/employees", {"family_name": "Мирная"}, expect=201)["id"]
        scheme = {"employee_id": self.employee, "starts_on": "2026-11-01", "monthly": "30000"}
        self.scheme = browser.do("POST", "/api/pay-schemes", scheme, expect=201)["id"]

    def accrue(self, *, expect: int = 201, **more: Any) -> Any:
        body = {"date": "2026-11-30", "employee_id": self.employee, **NOVEMBER, **more}
        return self.browser.do("POST", "/api/pay-accruals", body, expect=expect)

    def accrual(self, id_: str) -> Any:
        return self.browser.get_ok(f"/api/pay-accruals/{id_}")


@pytest.fixture
def auditor(world: World) -> Iterator[Browser]:
    with world.browser("Аудитор") as signed_in:
        yield signed_in


@pytest.fixture
def office(administrator: Browser) -> Office:
    return Office(administrator)


@pytest.mark.spec("ACL-6")
@pytest.mark.parametrize(
    ("path", "right"),
    [
        (f"/payroll?from={NOVEMBER['first']}&to={NOVEMBER['last']}", "payroll"),
        ("/pay-accruals", "payroll"),
        ("/pay-settlements", "payroll"),
        ("/pay-schemes", "pay_schemes"),
    ],
)
def test_pay_is_seen_by_its_rights_alone(path: str, right: Right, world: World, anonymous: Browser) -> None:
    assert anonymous.get(f"/api{path}").status_code == 401
    with world.browser(WITHOUT_PAY) as stranger:
        assert stranger.get(f"/api{path}").json()["code"] == "right_missing"
    with with_rights(world, [right]) as holder:
        assert holder.get(f"/api{path}").status_code == 200


def test_a_draft_is_calculated_as_it_is_looked_at_and_posted_by_what_was_seen(office: Office) -> None:
    made = office.accrue(extras=[{"kind": "bonus", "sum": "500"}])
    draft = office.accrual(made["id"])
    assert (draft["total"], draft["posted"], len(draft["lines"])) == ("30500.00", False, 1)
    office.browser.do("PATCH", f"/api/pay-schemes/{office.scheme}", {"monthly": "40000"}, version=1)
    url = f"/api/pay-accruals/{made['id']}"
    refused = office.browser.do("POST", f"{url}/post", {"seen": draft["total"]}, version=1, expect=409)
    assert refused["code"] == "calculation_changed"
    office.browser.do("POST", f"{url}/post", {"seen": "40500.00"}, version=1)
    office.browser.do("PATCH", f"/api/pay-schemes/{office.scheme}", {"monthly": "50000"}, version=2)
    assert office.accrual(made["id"])["total"] == "40500.00"
    assert office.accrue(post=True, seen="10000.00")["number"]
    assert office.accrue(post=True, expect=409)["code"] == "nothing_to_accrue"


@pytest.mark.parametrize("seen", ["1e999999", "NaN", "9" * 5000, "٣", "1.005", 1.5, True])
def test_a_total_that_nobody_can_have_seen_is_refused_by_its_field(seen: Any, office: Office) -> None:
    refused = office.accrue(post=True, seen=seen, expect=422)
    assert "seen" in str(refused)
    assert office.browser.get_ok("/api/pay-accruals", employee_id=office.employee)["total"] == 0


def test_a_repeated_request_accrues_once(office: Office) -> None:
    body = {"date": "2026-11-30", "employee_id": office.employee, **NOVEMBER, "post": True}
    headers = {"Idempotency-Key": str(uuid4())}
    first, again = (office.browser.request("POST", "/api/pay-accruals", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert len(rows(office.browser.get_ok("/api/pay-accruals", employee_id=office.employee))) == 1


def test_an_accrual_is_paid_by_an_outgo_above_it_only_after_a_question(office: Office) -> None:
    accrual = office.accrue(post=True)["id"]
    pays = {"employee_id": office.employee, "accrual_id": accrual, "desk": office.bank}
    paid = office.create("outgo", "20000", **pays)
    headers: dict[str, str] = {}
    body = {
        "fields": {"moment": "2026-11-30T12:00", "desk_id": office.bank, "employee_id": office.employee, "accrual_id": accrual},
        "lines": [{"article_id": office.articles["outgo"], "sum": "10000.01"}],
    }
    asked = office.browser.request("POST", "/api/money-outgoes", json=body, headers=headers).json()
    assert asked["code"] == "needs_confirmation"
    assert asked["facts"]["warnings"][0]["excess"] == "0.01"
    assert office.accrual(accrual)["paid"] == "20000.00"
    document = office.browser.get_ok(f"/api/money-outgoes/{paid['id']}")
    assert document["names"]["accrual_id"].startswith("№ ")
    (owed,) = [one for one in rows(office.browser.get_ok("/api/pay-settlements")) if one["id"] == office.employee]
    assert (owed["accrued"], owed["paid"], owed["owed"]) == ("30000.00", "20000.00", "10000.00")
    found = office.browser.get_ok("/api/search", q="начисление зп 1")
    assert any(one["kind"] == "pay_accrual" for one in found["items"])


@pytest.mark.spec("ACL-6")
def test_an_employee_sees_their_own_accruals_alone(office: Office, world: World) -> None:
    theirs = office.accrue(post=True, comment="для бухгалтерии")["id"]
    with with_rights(world, ["own_payroll"]) as employee:
        own = employee.get_ok("/api/me")["employee_id"]
        made = office.accrue(employee_id=own, post=True, comment="тайна", extras=[{"kind": "bonus", "sum": "700"}])["id"]
        draft = office.accrue(employee_id=own, extras=[{"kind": "bonus", "sum": "1"}])["id"]
        employee.catch_up()
        found = employee.get_ok("/api/own-payroll")
        assert [(one["id"], one["total"], one["comment"]) for one in rows(found)] == [(made, "700.00", "")]
        assert (found["accrued"], found["paid"], found["owed"]) == ("700.00", "0.00", "700.00")
        assert employee.get_ok(f"/api/own-payroll/{made}")["comment"] == ""
        for hidden in (theirs, draft):
            employee.do("GET", f"/api/own-payroll/{hidden}", expect=404)
            employee.do("GET", f"/api/own-payroll/{hidden}/paper.pdf", expect=404)
        slip = printed(employee, f"/own-payroll/{made}/paper.pdf")
        assert "Начислено: 700,00" in slip
        assert "тайна" not in slip
        assert employee.get(f"/api/pay-accruals/{made}/paper.pdf").json()["code"] == "right_missing"
        assert employee.get("/api/pay-accruals").json()["code"] == "right_missing"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"first": "2026-11-30", "last": "2026-11-01"}, "last"),
        ({"first": "2020-01-01"}, "last"),
        ({"date": "вчера"}, "date"),
        ({"employee_id": None}, "employee_id"),
    ],
)
@pytest.mark.parametrize("post", [False, True])
def test_a_wrong_accrual_is_refused_at_its_field(office: Office, body: dict[str, Any], field: str, post: bool) -> None:
    assert office.accrue(expect=409, post=post, **body)["facts"]["field"] == field


@pytest.mark.spec("VIS-7")
def test_an_accrual_is_printed_by_kinds_and_line_by_line_if_asked(office: Office) -> None:
    added = [{"kind": "bonus", "sum": "500", "note": "за ноябрь"}, {"kind": "fine", "sum": "200"}]
    draft = office.accrue(extras=added, comment="Аванс учтён")["id"]
    text = printed(office.browser, f"/pay-accruals/{draft}/paper.pdf")
    assert "Черновик, не проведён" in text
    office.browser.do("POST", f"/api/pay-accruals/{draft}/post", {}, version=1)
    text = printed(office.browser, f"/pay-accruals/{draft}/paper.pdf")
    for part in ("Мирная", "01.11.2026 – 30.11.2026", "Аванс учтён", "Оклад", "30 дн.", "Премия: за ноябрь", "-200,00",
                 "Начислено: 30 300,00", "Осталось выплатить: 30 300,00"):  # fmt: skip
        assert part in text, part
    assert "Из чего сложилось" not in text
    assert "Черновик" not in text
    assert "Из чего сложилось" in printed(office.browser, f"/pay-accruals/{draft}/paper.pdf", lines=True)


@pytest.mark.spec("SEC-6")
def test_reading_somebodys_pay_is_noted_in_the_access_log(office: Office, auditor: Browser) -> None:
    made = office.accrue(post=True)["id"]
    office.accrual(made)
    office.browser.get_ok(f"/api/payroll/{office.employee}", **{"from": NOVEMBER["first"], "to": NOVEMBER["last"]})
    office.browser.get_ok("/api/pay-settlements")
    printed(office.browser, f"/pay-accruals/{made}/paper.pdf")
    found = [(one["action"], one["object"]) for one in rows(auditor.get_ok("/api/access-log"))]
    title = next(name for action, name in found if action == "Печать")
    assert title.startswith("Начисление ЗП № ")
    assert {("Просмотр", title), ("Просмотр списка", "Расчёт ЗП"), ("Просмотр списка", "Расчёты с сотрудниками")} <= {*found}


def test_a_doctor_of_a_new_clinic_sees_their_own_pay(world: World) -> None:
    with world.browser("Врач") as doctor:
        assert doctor.get_ok("/api/own-payroll")["total"] == 0
        assert doctor.get("/api/pay-accruals").json()["code"] == "right_missing"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": "2026-10-31"}, "ends_on"),
        ({"visit_percent": "2"}, "visit_acts"),
        ({"visit_sum": "50"}, "visit_acts"),
        ({"visit_acts": "both"}, "visit_percent"),
        ({"acquiring": "101"}, "acquiring"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused_at_its_field(fields: dict[str, str], field: str, office: Office) -> None:
    before = office.browser.get_ok(f"/api/pay-schemes/{office.scheme}")
    refused = office.browser.do("PATCH", f"/api/pay-schemes/{office.scheme}", fields, version=before["version"], expect=409)
    assert refused["facts"]["field"] == field
    assert office.browser.get_ok(f"/api/pay-schemes/{office.scheme}") == before
