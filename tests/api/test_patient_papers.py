"""Papers of the clinic's templates: made for a patient, stored as they were, open to whom the card is."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.test_papers import book, information, printed
from tests.api.test_patient_info import with_rights
from tests.api.world import Browser, World, rows

TEXT = """# Договор
Клиника {юрлицо}, ИНН {инн}, и **{пациент}**, паспорт {паспорт}, тел. {телефон}.
- Услуги: {услуги}, врач {врач}, визит {визит}
Сумма {сумма} ({Сумма  прописью}).
{подпись}"""


def a_template(browser: Browser, text: str = TEXT, *, expect: int = 201) -> dict[str, Any]:
    fields = {"name": f"Договор {uuid4()}", "kind": "contract", "text": text}
    made: dict[str, Any] = browser.do("POST", "/api/paper-templates", {"fields": fields}, expect=expect)
    return {**made, **fields}


def a_patient(browser: Browser, **card: str) -> str:
    return str(browser.do("POST", "/api/patients", {"family_name": "Договорова", **card}, expect=201)["id"])


@pytest.mark.spec("VIS-11")
def test_a_template_with_a_broken_placeholder_is_refused_by_its_name(administrator: Browser) -> None:
    refused = a_template(administrator, "Я, {пацент}", expect=409)
    assert (refused["code"], refused["title"]) == ("wrong_value", "Поля {пацент} нет. Возможно, {пациент}?")
    names = [one["name"] for one in rows(administrator.get_ok("/api/paper-template-fields"))]
    every = a_template(administrator, " ".join(f"{{{name}}}" for name in names))
    assert "{" not in printed(administrator, f"/paper-templates/{every['id']}/preview.pdf")


@pytest.mark.spec("VIS-11")
def test_a_preview_shows_an_invented_patient_and_this_clinic(administrator: Browser) -> None:
    information(administrator, legal_name="ООО «Жемчужина»")
    template = a_template(administrator)
    text = printed(administrator, f"/paper-templates/{template['id']}/preview.pdf")
    assert "Клиника ООО «Жемчужина»" in text
    assert "Иванова Мария Петровна" in text


@pytest.mark.spec("VIS-11", "SEC-6", "SEC-4")
def test_a_paper_stays_with_the_patient_as_it_was(world: World, administrator: Browser) -> None:
    information(administrator, legal_name="ООО «Жемчужина»", inn="7707083893")
    hostile = "Семён **<b>{инн}</b>"
    patient = a_patient(administrator, given_name=hostile, phone="+79161234567", passport_series="2807")
    booked = book(administrator, world, "17:00", patient_id=patient)
    template = a_template(administrator)
    made = administrator.do(
        "POST", f"/api/patients/{patient}/papers", {"template_id": template["id"], "visit_id": booked["id"]}, expect=201
    )  # fmt: skip
    path = f"/patient-papers/{made['id']}/file.pdf"
    text = printed(administrator, path)
    for part in (
        "ООО «Жемчужина», ИНН 7707083893", f"Договорова {hostile}", "паспорт 2807", "+7 916 123-45-67", "Соколов", "× 2",
        f"визит {booked['number']}", "Три тысячи рублей 00 копеек", "____",
    ):  # fmt: skip
        assert part in text, part

    stored = administrator.get(f"/api{path}").content
    administrator.do("PATCH", f"/api/paper-templates/{template['id']}", {"fields": {"text": "Иначе"}}, version=1)
    information(administrator, legal_name="ООО «Другое»")
    administrator.do("PATCH", f"/api/patients/{patient}", {"family_name": "Иная"}, version=1)
    assert administrator.get(f"/api{path}").content == stored
    (listed,) = rows(administrator.get_ok(f"/api/patients/{patient}/papers"))
    assert (listed["id"], listed["title"], listed["visit_number"]) == (made["id"], template["name"], booked["number"])
    look = rows(administrator.get_ok("/api/access-log", patient_id=patient, size=5))
    assert "Печать" in {one["action"] for one in look}


@pytest.mark.spec("VIS-11", "DEL-1")
def test_a_paper_is_deleted_and_returned(administrator: Browser) -> None:
    patient, template = a_patient(administrator), a_template(administrator, "{пациент}")
    made = administrator.do("POST", f"/api/patients/{patient}/papers", {"template_id": template["id"]}, expect=201)
    one = f"/api/patient-papers/{made['id']}"
    administrator.do("POST", f"{one}/delete", version=1)
    assert rows(administrator.get_ok(f"/api/patients/{patient}/papers")) == []
    assert administrator.do("POST", f"{one}/delete", version=2, expect=409)["code"] == "already_deleted"
    administrator.do("POST", f"{one}/return", version=2)
    assert len(rows(administrator.get_ok(f"/api/patients/{patient}/papers"))) == 1


@pytest.mark.spec("VIS-11", "VIS-6", "SEC-1")
def test_a_paper_is_neither_deleted_nor_returned_by_whom_no_card_is_open_to(world: World, administrator: Browser) -> None:
    patient, template = a_patient(administrator), a_template(administrator, "{пациент}")
    made = administrator.do("POST", f"/api/patients/{patient}/papers", {"template_id": template["id"]}, expect=201)
    with with_rights(world, ["calendar"]) as nosy:
        for deed in ("delete", "return"):
            refused = nosy.do("POST", f"/api/patient-papers/{made['id']}/{deed}", version=1, expect=403)
            assert refused["code"] == "cards_not_open"


@pytest.mark.spec("VIS-11")
def test_a_paper_is_refused_where_it_cannot_be_true(world: World, administrator: Browser) -> None:
    patient, template = a_patient(administrator), a_template(administrator, "{пациент}")
    path = f"/api/patients/{patient}/papers"
    others = book(administrator, world, "18:00")
    refused = administrator.do("POST", path, {"template_id": template["id"], "visit_id": others["id"]}, expect=409)
    assert refused["title"] == "Выберите визит этого пациента."
    administrator.do("POST", f"/api/paper-templates/{template['id']}/delete", version=1)
    assert administrator.do("POST", path, {"template_id": template["id"]}, expect=409)["code"] == "entry_deleted"
    assert administrator.do("POST", path, {"template_id": str(uuid4())}, expect=404)["code"] == "not_found"
    administrator.do("POST", f"/api/patients/{patient}/delete", version=1)
    alive = a_template(administrator, "{пациент}")
    administrator.do("POST", path, {"template_id": alive["id"]}, expect=409)


@pytest.mark.spec("ACL-6")
def test_templates_are_edited_by_a_right_of_their_own_and_chosen_at_the_desk(receptionist: Browser) -> None:
    fields = {"name": "Памятка", "kind": "memo", "text": "Не есть два часа"}
    refused = receptionist.do("POST", "/api/paper-templates", {"fields": fields}, expect=403)
    assert refused["facts"]["any_of"] == ["paper_templates"]
    assert receptionist.get("/api/paper-templates/choices").status_code == 200
