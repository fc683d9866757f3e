"""An invoice to an organisation: what it says when it is issued, and how it is annulled."""

from datetime import date
from decimal import Decimal

import pytest

from aggregates.money.invoice import (
    INVOICE_FIELDS,
    MOST_INVOICED,
    Invoice,
    InvoiceLine,
    NothingToInvoice,
)
from aggregates.values import WrongValue
from tests.aggregates.scenario import NOW, fact, given, named

TODAY = date(2026, 12, 1)
INSURER = named("полис")
CARD = {
    "first": "2026-11-01", "last": "2026-11-30", "issued_on": "2026-12-01", "act_on": "2026-11-30", "due_on": "2026-12-10",
    "comment": "",
}  # fmt: skip
LINE = InvoiceLine(
    payment_id=named("оплата"), visit_id=named("визит"), visit_number=7, day=date(2026, 11, 5), patient_id=named("пациент"),
    patient="Застрахованный", card_number="12", services="Осмотр", sum=Decimal("900.00"),
)  # fmt: skip
ISSUED = fact(Invoice.Issued, number=1, counterparty_id=INSURER, card=INVOICE_FIELDS.checked(CARD), lines=(LINE,))


@pytest.mark.spec("FIN-7")
def test_an_invoice_states_its_lines_and_is_annulled_and_returned() -> None:
    given(Invoice).when(Invoice.issue, 1, INSURER, CARD, [LINE], today=TODAY).then(ISSUED)
    given(Invoice, ISSUED).when(Invoice.delete).then(fact(Invoice.Deleted))
    given(Invoice, ISSUED, fact(Invoice.Deleted)).when(Invoice.return_).then(fact(Invoice.Returned))


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({"first": "2026-12-05"}, "last"),
        ({"due_on": "2026-11-20"}, "due_on"),
        ({"issued_on": None}, "issued_on"),
        ({"act_on": "вчера"}, "act_on"),
    ],
)
def test_its_days_are_in_order(card: dict[str, str], field: str) -> None:
    with pytest.raises(WrongValue) as refused:
        Invoice(named("счёт")).issue(1, INSURER, {**CARD, **card}, [LINE], today=TODAY, at=NOW)
    assert refused.value.facts["field"] == field


def test_it_bills_something_and_not_too_much() -> None:
    given(Invoice).when(Invoice.issue, 1, INSURER, CARD, [], today=TODAY).then_refused(NothingToInvoice())
    with pytest.raises(WrongValue) as refused:
        Invoice(named("счёт")).issue(1, INSURER, CARD, [LINE] * (MOST_INVOICED + 1), today=TODAY, at=NOW)
    assert refused.value.facts["field"] == "last"
