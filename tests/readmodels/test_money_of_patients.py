"""Payments, refunds and certificates where the clinic looks at its money: lists, desks' cards, workbooks, a patient's account."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg import Connection

from aggregates.catalogues import Counterparty
from aggregates.money.certificate import Certificate
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo
from aggregates.money.money_lines import MoneyLine
from aggregates.money.payment import Payment
from aggregates.scheduling.visit import Visit
from commands.catalogue import create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from commands.money import certificate as certificates
from commands.money import payment as commands
from commands.money.article import create_article
from commands.money.money_document import create_money_document
from commands.money.paying import Part, Payer
from commands.people.patient import create_card, merge_cards, unmerge_cards
from readmodels.excel import DocumentFilter
from readmodels.money import desk_turnovers, money_documents, organisation_register, patient_accounts, settlements
from readmodels.references import Ref
from services.bootstrap import Denta
from services.excel.documents import DOCUMENTS
from tests.commands.paying import CASH, Payments, cash, moment
from tests.projections.folding import fold_all


class Till(Payments):
    def __init__(self, denta: Denta, connection: Connection) -> None:
        super().__init__(denta.clinic)
        self._denta, self._connection, self._position = denta, connection, 0

    @property
    def read(self) -> Connection:
        self._position = fold_all(self._connection, self._denta.decoders, after=self._position)
        return self._connection


@pytest.fixture
def till(database_url: str) -> Iterator[Till]:
    denta = Denta.open(database_url)
    try:
        with denta.database.connect() as connection:
            yield Till(denta, connection)
    finally:
        denta.close()


@pytest.mark.spec("VIS-4", "XLS-8")
def test_payments_and_certificates_are_incomes_of_their_desks_and_refunds_outgoes(till: Till) -> None:
    paid = till.pay(cash(1000), visits={till.visit(1000): 1000}, day=10)
    certificate = till.certificate(500, code="А-17", day=11, buyer_id=str(till.patient))
    till.refund(UUID(paid.facts["payments"][0]["id"]), 300, day=12)
    card = till.clinic.load(Certificate, certificate)
    till.do(certificates.change_certificate, certificate, {"code": "А-18"}, expected=card.version)

    incomes = money_documents.listing(till.read, MoneyIncome)
    assert [(one.kind, one.title, one.names["patient_id"]) for one in incomes.items] == [
        ("certificate", "Сертификат № А-18", "Петров"),
        ("payment", "Оплата № 1", "Петров"),
    ]
    assert (incomes.total, incomes.sum) == (2, Decimal(1500))
    assert [one.title for one in money_documents.listing(till.read, MoneyIncome, query="№ 1").items] == ["Оплата № 1"]
    assert [one.title for one in money_documents.listing(till.read, MoneyOutgo, patient_id=till.patient).items] == ["Возврат № 1"]

    desk = desk_turnovers.card(till.read, CASH, moment(1).date(), moment(30).date())
    assert desk is not None
    assert [(one.title, one.sum, one.patient_id) for one in desk.items] == [
        ("Возврат № 1", Decimal(-300), till.patient),
        ("Сертификат № А-18", Decimal(500), till.patient),
        ("Оплата № 1", Decimal(1000), till.patient),
    ]

    def sheet(key: str) -> list[dict[str, object]]:
        headings, rows = DOCUMENTS[key].table(till.read, DocumentFilter())
        return [dict(zip((heading.title for heading in headings), row, strict=True)) for row in rows]

    rows = sheet("money_income")
    assert [(one["№"], one["Статья"], one["Плательщик – пациент"], one["Сумма"]) for one in rows] == [
        (1, "Оплата пациента", "Петров", Decimal(1000)),
        (None, "Продажа сертификата", "Петров", Decimal(500)),
    ]
    (row,) = sheet("money_outgo")
    assert (row["Статья"], row["Получатель – пациент"], row["Сумма"]) == ("Возврат пациенту", "Петров", Decimal(300))


def test_cards_that_are_separated_keep_what_was_paid_for_their_visits(till: Till) -> None:
    visit_id, survivor = till.visit(100), till.do(create_card, {"family_name": "Петров", "given_name": "Иван"}).id
    till.do(merge_cards, survivor, till.patient)
    till.pay(cash(70), visits={visit_id: 60}, patient_id=survivor, keeps_rest=True)
    till.do(unmerge_cards, survivor, till.patient)
    with_the_visit, with_the_money = (patient_accounts.account(till.read, card) for card in (till.patient, survivor))
    assert (with_the_visit.charged, with_the_visit.debt, with_the_visit.paid, with_the_visit.prepayment) == (100, 40, 0, 0)
    assert (with_the_money.charged, with_the_money.debt, with_the_money.paid, with_the_money.prepayment) == (0, 0, 70, 10)
    number = till.clinic.load(Visit, visit_id).number
    assert [(share.number, share.sum) for share in with_the_money.payments[0].shares] == [(number, 60)]


@pytest.mark.spec("FIN-7", "FIN-9")
def test_what_an_organisation_pays_for_a_patient_is_its_debt_until_an_income(till: Till) -> None:
    insurer = till.do(create_entry, Counterparty, {"name": "Страховая"}).id
    visit_id = till.visit(1000)
    paid = till.do(
        commands.pay, till.patient, moment(10), [Part(owed=True, sum=Decimal(700))],
        visits={visit_id: Decimal(700)}, payer=Payer(counterparty_id=insurer),
    )  # fmt: skip
    payment = UUID(paid.facts["payments"][0]["id"])
    till.refund(payment, 200, day=12, desk_id=None)
    debts = {day: settlements.listing(till.read, moment(day)).items for day in (9, 11, 13)}
    assert [[one.debt for one in items] for items in debts.values()] == [[], [Decimal(-700)], [Decimal(-500)]]
    article = till.do(create_article, {"name": "Оплата счетов", "direction": "income"}).id
    card = {"moment": moment(14), "desk_id": str(CASH), "counterparty_id": str(insurer)}
    till.do(create_money_document, MoneyIncome, card, [MoneyLine(article_id=article, sum=Decimal(500))])
    assert settlements.listing(till.read, moment(15)).items == []
    found = settlements.of_counterparty(till.read, insurer, None, moment(20).date())
    assert found is not None
    assert [(one.title, one.change, one.debt) for one in found.items] == [
        ("Приход средств", 500, 0),
        ("Возврат оплаты за пациента", 200, -500),
        ("Оплата за пациента", -700, -700),
    ]
    register = organisation_register.of_period(till.read, insurer, None, moment(20).date(), names=True)
    (line,) = register.items
    assert (register.total, register.sum, line.sum, line.payment_number) == (1, 500, 500, 1)
    assert (line.id, line.patient, line.services) == (visit_id, Ref(till.patient, "Петров"), f"Услуга 1000 {moment(2, 10)}")
    hidden = organisation_register.of_period(till.read, insurer, None, moment(20).date(), names=False).items[0]
    assert (hidden.patient, hidden.card_number, hidden.services) == (None, "", "")
    assert organisation_register.of_period(till.read, insurer, moment(11).date(), moment(20).date(), names=True).total == 0
    account = patient_accounts.account(till.read, till.patient)
    assert (account.debt, account.payments[0].desk, account.payments[0].payer) == (500, None, Ref(insurer, "Страховая"))
    assert till.clinic.load(Payment, payment).allocated == {visit_id: Decimal(500)}


@pytest.mark.spec("FIN-7")
def test_who_paid_the_last_time_is_proposed(till: Till) -> None:
    insurer = till.do(create_entry, Counterparty, {"name": "Страховая"}).id
    mother = till.do(create_card, {"family_name": "Петрова"}).id

    def usual(payer: Payer, day: int) -> object:
        till.do(commands.pay, till.patient, moment(day), [cash(10)], keeps_rest=True, payer=payer)
        found = patient_accounts.usual_payer(till.read, till.patient)
        return found and (found.kind, found.id, found.name)

    assert usual(Payer(patient_id=mother), 3) == ("patient", mother, "Петрова")
    assert usual(Payer(counterparty_id=insurer), 4) == ("counterparty", insurer, "Страховая")
    till.do(delete_entry, Counterparty, insurer)
    assert patient_accounts.usual_payer(till.read, till.patient) is None
    assert usual(Payer(), 5) is None


@pytest.mark.spec("FIN-5")
def test_an_account_shows_the_state_of_each_receipt(till: Till) -> None:
    till.prepay(100)
    till.do(change_settings, {"fiscal_receipts": True, "goods_vat": "vat22"})
    payment_id = till.prepay(200)
    account = patient_accounts.account(till.read, till.patient)
    assert {one.id == payment_id: one.receipt and one.receipt.state for one in account.payments} == {True: "waiting", False: None}
