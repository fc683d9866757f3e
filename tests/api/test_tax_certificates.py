"""Tax certificates through the API: rights, issuing what was shown, corrections, the paper and the file (FIN-6)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.catalogues import CashDesk, first_entry_id
from tests.api.test_papers import information, printed
from tests.api.world import MONDAY, Browser, World, at, rows

WITHOUT = next(one.name for one in PREDEFINED_SETS if "tax_certificates" not in one.rights and "payments" in one.rights)
DAY = MONDAY + timedelta(days=28)
YEAR = DAY.year
PERSON = {"family_name": "Ёлкина", "given_name": "Анна", "birth_date": "1990-02-03", "inn": "500100732259"}
CARD: dict[str, Any] = {
    "issued_on": DAY.isoformat(),
    "same_person": True,
    "signer": "Белова Ольга",
    **{f"payer_{part}": value for part, value in PERSON.items()},
}


class Patient:
    """A patient of whom visits are paid."""

    def __init__(self, browser: Browser, world: World) -> None:
        self.browser, self.world = browser, world
        card = {"family_name": "Ёлкина", "given_name": "Анна", "passport_series": "2807", "passport_number": "123456"}
        self.id = browser.do("POST", "/api/patients", card, expect=201)["id"]
        information(
            browser, inn="7707083893", kpp="773601001", legal_name="ООО «Жемчужина»", tax_office="7701", head_name="Белова О"
        )

    def pay(self, total: str, start: str, end: str) -> None:
        body = {
            "patient_id": self.id, "doctor_id": str(self.world.doctor), "starts_at": at(DAY, start), "ends_at": at(DAY, end),
            "lines": [{"service_id": str(self.world.service), "price": total}],
        }  # fmt: skip
        visit = self.browser.do("POST", "/api/visits", body, expect=201)
        for status in ("in_progress", "completed"):
            version = self.browser.get_ok(f"/api/visits/{visit['id']}")["version"]
            self.browser.do("POST", f"/api/visits/{visit['id']}/status", {"status": status}, version=version)
        desk = str(first_entry_id(CashDesk, "Основная касса"))
        paid = {
            "patient_id": self.id, "moment": at(DAY, "20:00")[:16], "parts": [{"desk_id": desk, "sum": total}],
            "visits": [{"visit_id": visit["id"], "sum": total}],
        }  # fmt: skip
        self.browser.do("POST", "/api/payments", paid, expect=201)

    @property
    def draft(self) -> Any:
        return self.browser.get_ok(f"/api/patients/{self.id}/tax-certificate-draft", year=YEAR)

    def issue(self, code_1: str, *, expect: int = 201, **card: Any) -> Any:
        body = {"payer_id": self.id, "year": YEAR, "code_1": code_1, "code_2": "0.00", **CARD, **card}
        return self.browser.do("POST", f"/api/patients/{self.id}/tax-certificates", body, expect=expect)


@pytest.fixture
def patient(administrator: Browser, world: World) -> Patient:
    return Patient(administrator, world)


@pytest.mark.spec("FIN-6", "ACL-4")
def test_certificates_are_for_those_who_have_the_right(world: World, administrator: Browser) -> None:
    one = f"/api/tax-certificates/{uuid4()}"
    administrator.do("GET", one, expect=404)
    administrator.do("POST", "/api/tax-certificates/electronic-form", {"certificate_ids": [str(uuid4())]}, expect=404)
    with world.browser(WITHOUT) as reception:
        for method, url in (("GET", "/api/tax-certificates"), ("GET", one), ("GET", f"{one}/paper.pdf")):
            assert reception.do(method, url, expect=403)["code"] == "right_missing"


@pytest.mark.spec("FIN-6")
def test_no_certificate_is_issued_by_sums_that_may_be_old(
    patient: Patient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.pay("1500.00", "20:30", "20:50")
    watch = world.app.state.components.read_your_writes._watch
    monkeypatch.setattr(watch, "wait", lambda *_: False)  # the read models don't catch up
    assert patient.issue("1500.00", expect=503)["code"] == "read_model_behind"
    monkeypatch.undo()
    assert patient.issue("1500.00")["id"]


@pytest.mark.spec("FIN-6")
def test_a_certificate_states_what_was_shown_and_says_when_payments_change(patient: Patient) -> None:
    patient.pay("1500.00", "09:00", "09:20")
    draft = patient.draft
    (payer,) = draft["payers"]
    assert (payer["sums"]["code_1"], payer["certificate"], payer["person"]["document_number"]) == ("1500.00", None, "2807 123456")
    assert draft["signer"] == "Белова О"
    assert patient.issue("1400.00", expect=409)["code"] == "certified_sums_moved"
    wrong = patient.issue("1500.00", expect=409, payer_inn="500100732250")
    assert (wrong["code"], wrong["facts"]["field"]) == ("wrong_value", "payer_inn")

    issued = patient.issue("1500.00")
    assert patient.issue("1500.00", expect=409)["code"] == "tax_certificate_taken"
    url = f"/api/tax-certificates/{issued['id']}"
    card = patient.browser.get_ok(url)
    assert (card["code_1"], card["changed"], [one["correction"] for one in card["papers"]]) == ("1500.00", False, [0])
    patient.pay("100.50", "09:20", "09:40")
    card = patient.browser.get_ok(url)
    assert (card["code_1"], card["now"]["code_1"], card["changed"]) == ("1500.00", "1600.50", True)
    (listed,) = patient.browser.get_ok("/api/tax-certificates", patient_id=patient.id, year=YEAR, q="ёлкина")["items"]
    assert (listed["id"], listed["changed"], listed["sent"]) == (issued["id"], True, False)

    patient.browser.do("POST", f"{url}/correct", {"code_1": "1600.50", "code_2": "0.00"}, version=card["version"])
    corrected = patient.browser.get_ok(url)
    assert [(one["correction"], one["code_1"]) for one in corrected["papers"]] == [(0, "1500.00"), (1, "1600.50")]
    assert corrected["changed"] is False


@pytest.mark.spec("FIN-6", "SEC-6")
def test_it_is_printed_and_written_to_a_file(patient: Patient) -> None:
    patient.pay("2000.00", "10:00", "10:20")
    issued = patient.issue("2000.00")
    url = f"/tax-certificates/{issued['id']}"
    text = printed(patient.browser, f"{url}/paper.pdf")
    for part in (
        "1151156",
        "Справка об оплате медицинских услуг",
        "ООО «Жемчужина»",
        "Ёлкина",
        "Белова Ольга",
        "Страница 1 из 1",
    ):
        assert part in text
    patient.browser.do("GET", f"/api{url}/paper.pdf?correction=5", expect=404)

    answer = patient.browser.post("/api/tax-certificates/electronic-form", json={"certificate_ids": [issued["id"]]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="UT_SVOPLMEDUSL_7701_7701_7707083893773601001_')
    root = fromstring(answer.content.decode("cp1251").partition("?>")[2])  # noqa: S314  our own
    assert [one.attrib["СуммаКод1"] for one in root.iter("СведРасхУсл")] == ["2000.00"]
    looks = rows(patient.browser.get_ok("/api/access-log", size=2))
    assert [(look["action"], look["patient"]["id"]) for look in looks] == [("Выгрузка", patient.id), ("Печать", patient.id)]

    patient.browser.do("POST", "/api/tax-certificates/hand-over", {"certificate_ids": [issued["id"]], "way": "electronic"})
    sent = patient.browser.get_ok(f"/api{url}")
    assert (sent["sent"], [one["way"] for one in sent["handed"]]) == (True, ["electronic"])
    refused = patient.browser.do("POST", f"/api{url}/delete", version=sent["version"], expect=409)
    assert refused["code"] == "tax_certificate_handed_over"
    patient.browser.do("POST", f"/api{url}/annul", version=sent["version"])
    annulled = patient.browser.get_ok(f"/api{url}")
    assert (annulled["correction"], annulled["sent"], annulled["changed"]) == (999, False, False)
    patient.issue("2000.00")


@pytest.mark.spec("FIN-6")
def test_a_patient_who_isnt_the_payer_has_a_page_of_their_own(patient: Patient) -> None:
    patient.pay("300.00", "10:20", "10:40")
    child = {
        "patient_family_name": "Ёлкин", "patient_given_name": "Пётр", "patient_birth_date": "2015-07-01",
        "patient_document_kind": "03", "patient_document_number": "I-МЮ 123456", "patient_document_issued_on": "2015-07-10",
    }  # fmt: skip
    issued = patient.issue("300.00", same_person=False, **child)
    text = printed(patient.browser, f"/tax-certificates/{issued['id']}/paper.pdf")
    for part in ("Страница 2 из 2", "Ёлкин", "свидетельство о рождении", "I-МЮ 123456"):
        assert part in text
