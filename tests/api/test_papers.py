"""Printed papers: what they say, whose requisites they carry, who may print them, and what is recorded of it."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pytest

from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from services.api.http.downloads import PDF
from tests.api.minimal import CREATING, Existing
from tests.api.test_stock_documents import Shelf, entry
from tests.api.world import MONDAY, Browser, World, at, rows

DAY = MONDAY + timedelta(days=21)
HOSTILE = '<img src="file:///etc/passwd"><script>alert(1)</script>{{ 7 * 7 }}{% endif %}'
OWN_SCHEDULE = "Врач"


def words(text: str) -> str:
    """Without how lines are broken and spaces are kept together."""
    return re.sub(r"\s+", " ", text).replace("\u2011", "-")


def printed(browser: Browser, path: str, **query: Any) -> str:
    """The text of a paper."""
    answer = browser.get(f"/api{path}", params=query, timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PDF), answer.text[:500]
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''")
    return words("\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages))


def book(browser: Browser, world: World, start: str, **more: Any) -> dict[str, Any]:
    minutes = int(start[3:]) + 30
    body = {
        "patient_id": str(world.patient), "doctor_id": str(world.doctor), "starts_at": at(DAY, start),
        "ends_at": at(DAY, f"{int(start[:2]) + minutes // 60:02}:{minutes % 60:02}"),
        "lines": [{"service_id": str(world.service), "quantity": 2}], **more,
    }  # fmt: skip
    booked: dict[str, Any] = browser.do("POST", "/api/visits", body, expect=201)
    return booked


def information(browser: Browser, **values: str) -> None:
    version = browser.get_ok("/api/clinic-information")["version"]
    browser.do("PATCH", "/api/clinic-information", {"values": values}, version=version)


@pytest.mark.spec("VIS-7")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("act", ("Акт об оказании услуг №", "Исполнитель", "Заказчик", "претензий")),
        ("issue", ("Расходная накладная №", "Поставщик", "Отпустил")),
        ("checklist", ("Чек-лист визита №", "Выполнено, дата")),
    ],
)
def test_a_visit_is_printed_with_lines_sums_and_requisites(
    world: World, administrator: Browser, kind: str, expected: tuple[str, ...]
) -> None:
    requisites = {
        "legal_name": "ООО «Жемчужина»", "legal_address": "Тверь, ул. Лесная, 5", "inn": "7707083893", "kpp": "773601001",
    }  # fmt: skip
    information(administrator, **requisites)
    booked = book(administrator, world, {"act": "09:00", "issue": "09:30", "checklist": "10:00"}[kind])
    text = printed(administrator, f"/visits/{booked['id']}/papers/{kind}")
    for part in (*expected, str(booked["number"]), *requisites.values(), "Иванова", "1 500,00", "3 000,00"):
        assert part in text
    assert "Три тысячи рублей 00 копеек" in text
    assert ("документ предварительный" in text) == (kind != "checklist")


@pytest.mark.spec("VIS-7")
def test_an_act_states_goods_and_discounts_to_the_kopeck(world: World, administrator: Browser, shelf: Shelf) -> None:
    booked = book(administrator, world, "10:30")
    change = {
        "goods": [{"goods_id": shelf.gloves, "quantity": "1", "unit": "sale", "price": "499.90"}],
        "discount": {"kind": "sum", "amount": "500.00"},
    }
    administrator.do("PATCH", f"/api/visits/{booked['id']}", change, version=booked["version"])
    text = printed(administrator, f"/visits/{booked['id']}/papers/act")
    for part in (f"Перчатки {shelf.word}", "499,90", "428,48", "71,42", "2 571,42", "2 999,90"):
        assert part in text, text
    assert "Две тысячи девятьсот девяносто девять рублей 90 копеек" in text


@pytest.mark.spec("VIS-7")
def test_a_paper_carries_the_requisites_of_its_date_also_when_it_is_printed_again(
    shelf: Shelf, administrator: Browser, world: World
) -> None:
    """A document that is dated after a change carries the new ones, an earlier one goes on saying what it said."""
    now = world.denta.clock().astimezone(world.denta.clinic.load(*_settings()).time_zone).replace(tzinfo=None, microsecond=0)
    buyer = entry(administrator, "counterparties", name="Покупатель Старый", inn="7707083893", address="Тула")
    information(administrator, legal_name="ООО «Прежнее»", legal_address="Старый адрес")
    papers = []
    for moment in (now, now + timedelta(days=1)):
        head = {"moment": moment.isoformat(timespec="minutes"), "warehouse_id": shelf.warehouse, "counterparty_id": buyer}
        body = {"fields": head, "lines": [shelf.line(price="10.00")]}
        papers.append(f"/goods-issues/{administrator.do('POST', '/api/goods-issues', body, expect=201)['id']}/paper.pdf")
    past = f"/goods-issues/{_dated(administrator, shelf, buyer, '2020-01-01T10:00')}/paper.pdf"
    before = printed(administrator, past)
    information(administrator, legal_name="ООО «Новое»", legal_address="Новый адрес")
    administrator.do(
        "PATCH", f"/api/counterparties/{buyer}", {"fields": {"name": "Покупатель Новый", "address": "Орёл"}}, version=1
    )

    tomorrow = printed(administrator, papers[1])
    assert all(part in tomorrow for part in ("ООО «Новое»", "Новый адрес", "Покупатель Новый", "Орёл", "7707083893"))
    assert printed(administrator, past) == before
    assert "Новое" not in before


def _settings() -> tuple[Any, UUID]:
    from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings

    return ClinicSettings, SETTINGS_ID


def _dated(browser: Browser, shelf: Shelf, buyer: str, moment: str) -> str:
    head = {"moment": moment, "warehouse_id": shelf.warehouse, "counterparty_id": buyer}
    new = browser.do("POST", "/api/goods-issues", {"fields": head, "lines": [shelf.line(price="1.00")]}, expect=201)
    return str(new["id"])


@pytest.fixture
def shelf(administrator: Browser) -> Shelf:
    return Shelf(administrator)


@pytest.mark.spec("VIS-7")
@pytest.mark.parametrize("kind", STOCK_DOCUMENTS, ids=lambda kind: kind.TOPIC)
def test_every_kind_of_stock_document_is_printed(kind: Any, existing: Existing, shelf: Shelf, administrator: Browser) -> None:
    least = existing.body(CREATING[f"/{kind.PATH}"])
    if "origin_id" in kind.FIELDS:
        least["fields"]["origin_id"] = shelf.sell(shelf.line(price="1.00"))["id"]
    priced = {"price": "1250.50"} if kind.SHAPE.priced else {}
    new = administrator.do("POST", f"/api/{kind.PATH}", {**least, "lines": [shelf.line(**priced)]}, expect=201)
    text = printed(administrator, f"/{kind.PATH}/{new['id']}/paper.pdf")
    for part in (f"№ {new['number']} от", f"Перчатки {shelf.word}", "GL-7", "Черновик, не проведён", "подпись"):
        assert part in text
    assert ("Две тысячи пятьсот один рубль 00 копеек" in text) == kind.SHAPE.priced
    assert ("Итого: 2 501,00 ₽" in text) == kind.SHAPE.priced


@pytest.mark.spec("VIS-7")
def test_a_delivery_note_names_both_sides_units_and_batches(shelf: Shelf, administrator: Browser) -> None:
    line = shelf.line(price="100.00", batch="А-1", expires_on="2027-12-31")
    head = {
        "moment": "2026-11-05T10:30",
        "warehouse_id": shelf.warehouse,
        "counterparty_id": shelf.supplier,
        "suppliers_number": "К-77",
    }
    body = {"fields": head, "lines": [line, shelf.line(unit="write_off", quantity="0.5", sum="7.00")], "post": True}
    new = administrator.do("POST", "/api/stock-receipts", body, expect=201)
    text = printed(administrator, f"/stock-receipts/{new['id']}/paper.pdf")
    for part in (
        "Приходная накладная", "5 ноября 2026 г.", f"Поставщик Поставщик {shelf.word}", "К-77", "А-1, 31.12.2027",
        "Упаковка", "штука", "0,5", "207,00", "Двести семь рублей 00 копеек", "Сдал", "Принял",
    ):  # fmt: skip
        assert part in text, part
    assert "Черновик" not in text


@pytest.mark.spec("STK-5")
def test_a_count_is_printed_with_differences_and_its_sheet_without_what_there_should_be(
    shelf: Shelf, administrator: Browser
) -> None:
    shelf.receive("2026-10-01T10:30", "100.00", post=True)  # two packs are twenty pieces
    count = {"fields": {"moment": "2026-10-02T10:30", "warehouse_id": shelf.warehouse}, "lines": []}
    blank = administrator.do("POST", "/api/stock-counts", count, expect=201)
    sheet = printed(administrator, f"/stock-counts/{blank['id']}/sheet.pdf")
    assert "Лист для подсчёта" in sheet
    assert f"Перчатки {shelf.word}" in sheet
    assert f"Бинт {shelf.word}" not in sheet
    assert "20" not in sheet.split("Примечание")[1].split("Всего")[0].replace(f"Перчатки {shelf.word}", "")

    line = shelf.line(unit="write_off", quantity="17")
    counted = administrator.do("POST", "/api/stock-counts", {**count, "lines": [line], "post": True}, expect=201)
    text = printed(administrator, f"/stock-counts/{counted['id']}/paper.pdf")
    assert re.search(r"Инвентаризационная опись.* штука 17 20 −3 ", text), text


@pytest.mark.spec("CAL-18")
def test_a_slip_says_when_and_where_to_come(world: World, administrator: Browser) -> None:
    information(administrator, phone="+7 4822 11-22-33")
    booked = book(administrator, world, "11:00", room="3")
    text = printed(administrator, f"/visits/{booked['id']}/papers/slip")
    for part in ("Вы записаны на приём", "11:00–11:30", "Иванова", "Соколов", "Кабинет 3", "4822 11-22-33"):
        assert part in text


@pytest.mark.spec("CAL-18", "SEC-6")
def test_a_day_is_printed_by_doctors_and_recorded(world: World, administrator: Browser) -> None:
    book(administrator, world, "12:00", comment="принесёт снимок")
    text = printed(administrator, "/calendar/day.pdf", date=DAY.isoformat())
    for part in ("Соколов Пётр", "12:00–12:30", "Иванова", "принесёт снимок", "× 2", "первичный"):
        assert part in text
    alone = printed(administrator, "/calendar/day.pdf", date=DAY.isoformat(), doctor_id=str(world.doctor))
    assert "12:00–12:30" in alone
    nobody = printed(administrator, "/calendar/day.pdf", date=DAY.isoformat(), doctor_id=str(world.administrator))
    assert "никто не принимает" in nobody
    administrator.catch_up()
    looks = rows(administrator.get_ok("/api/access-log", size=10))
    assert [look["action"] for look in looks[:3]] == ["Печать"] * 3
    assert [look["count"] for look in looks[:3]] == [0, looks[2]["count"], looks[2]["count"]]


@pytest.mark.spec("CAL-18")
def test_whom_to_call_is_printed_with_phones_for_those_who_may_see_them(world: World, administrator: Browser) -> None:
    patient = administrator.do(
        "POST", "/api/patients", {"family_name": "Звонкова", "phone": "+79161234567"}, expect=201
    )["id"]  # fmt: skip
    booked = book(administrator, world, "13:00", patient_id=patient)
    gone = book(administrator, world, "13:30", patient_id=patient, comment="не звонить")
    administrator.do("POST", f"/api/visits/{gone['id']}/status", {"status": "cancelled"}, version=1)
    text = printed(administrator, "/calendar/calls.pdf", date=DAY.isoformat())
    assert "Звонкова" in text
    assert "+7 916 123-45-67" in text
    assert "не звонить" not in text
    administrator.do("POST", f"/api/visits/{booked['id']}/status", {"status": "confirmed"}, version=1)
    assert "уже подтверждён" in printed(administrator, "/calendar/calls.pdf", date=DAY.isoformat())


@pytest.mark.spec("SEC-6", "CAL-18")
def test_papers_of_a_visit_are_recorded_with_its_patient(world: World, administrator: Browser) -> None:
    booked = book(administrator, world, "14:00")
    printed(administrator, f"/visits/{booked['id']}/papers/act")
    look = rows(administrator.get_ok("/api/access-log", size=1))[0]
    assert (look["action"], look["patient"]["id"]) == ("Печать", str(world.patient))


@pytest.mark.spec("SEC-4")
def test_what_people_typed_is_text_on_paper(shelf: Shelf, administrator: Browser, world: World) -> None:
    name = f"{HOSTILE} {shelf.word}"
    administrator.do("PATCH", f"/api/goods/{shelf.gloves}", {"fields": {"name": name}}, version=1)
    new = shelf.receive("2026-11-06T10:30", "5.00", comment=HOSTILE)
    text = printed(administrator, f"/stock-receipts/{new['id']}/paper.pdf")
    assert text.replace(" ", "").count(words(HOSTILE).replace(" ", "")) == 2
    assert "root:" not in text
    booked = book(administrator, world, "15:00", comment=HOSTILE + "w" * 900)
    day = printed(administrator, "/calendar/day.pdf", date=DAY.isoformat())
    assert "<script>alert(1)</script>" in day.replace(" ", "")
    assert booked["id"]


@pytest.mark.thorough
@pytest.mark.spec("VIS-7", "SEC-4")
def test_a_thousand_lines_are_printed_on_numbered_pages_with_the_signatures_beside_lines(
    shelf: Shelf, administrator: Browser
) -> None:
    head = {"moment": "2026-11-07T10:30", "warehouse_id": shelf.warehouse, "counterparty_id": shelf.supplier}
    body = {"fields": head, "lines": [shelf.line(price="1.00")] * 1000}
    new = administrator.do("POST", "/api/stock-receipts", body, expect=201)
    answer = administrator.get(f"/api/stock-receipts/{new['id']}/paper.pdf", timeout=120)
    pages = [words(page.extract_text()) for page in pypdf.PdfReader(BytesIO(answer.content)).pages]
    assert len(pages) > 10
    assert all(f"Страница {number} из {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert all("Наименование" in page for page in pages)
    assert "подпись" in pages[-1]
    assert f"1000 Перчатки {shelf.word}" in pages[-1]


@pytest.mark.spec("ACL-6", "VIS-6")
def test_papers_obey_the_rights_of_their_page(world: World, administrator: Browser, anonymous: Browser, shelf: Shelf) -> None:
    booked = book(administrator, world, "16:00")
    receipt = shelf.receive("2026-11-08T10:30", "1.00")
    paths = (f"/api/visits/{booked['id']}/papers/act", "/api/calendar/day.pdf", "/api/calendar/calls.pdf")
    for path in (*paths, f"/api/stock-receipts/{receipt['id']}/paper.pdf"):
        assert anonymous.get(path, params={"date": DAY.isoformat()}).status_code == 401
    missing = administrator.get(f"/api/goods-issues/{receipt['id']}/paper.pdf")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_refusal_is_a_page_for_a_browser_that_opened_the_address(administrator: Browser) -> None:
    path = f"/api/goods-issues/{UUID(int=7)}/paper.pdf"
    answer = administrator.get(path, headers={"Sec-Fetch-Dest": "document"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Такого объекта нет." in answer.text


@pytest.mark.spec("OPS-4")
def test_a_paper_waits_for_the_change_that_its_address_names(shelf: Shelf, administrator: Browser) -> None:
    new = shelf.receive("2026-11-09T10:30", "1.00")
    path, position = f"/api/stock-receipts/{new['id']}/paper.pdf", administrator.position
    administrator.position = 0
    assert administrator.get(path, params={"position": position}).status_code == 200
    refused = administrator.get(path, params={"position": position + 10_000})
    assert refused.json()["code"] == "position_unknown"
