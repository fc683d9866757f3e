"""What an order of cash states of money that came into a drawer or left it: documents with articles, payments, refunds."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.money_document import MoneyDocument
from readmodels.money import money_documents
from readmodels.money.paying_desks import IS_CASH

Flow = Literal["income", "outgo"]
TREATMENT, GOODS, ADVANCE = "Оплата медицинских услуг", "Оплата товаров", "Аванс за медицинские услуги"


class CashOrder(msgspec.Struct, frozen=True):
    """`number`: the document's own, with a letter where payments and refunds are numbered apart; a reprint has the same.
    `party`: from whom or to whom. `patient_id`: whose personal data it states, if anybody's.
    """

    flow: Flow
    number: str
    moment: datetime
    party: str
    basis: str
    sum: Decimal
    cash: bool
    deleted: bool
    patient_id: UUID | None


_OF_PATIENT = f"""SELECT p.kind, p.number, p.moment, p.sum, p.text, p.deleted, d.entry_id IS NOT NULL AND {IS_CASH},
    p.patient_id, coalesce(f.name, wk.name, w.name, k.name, t.name, ''), o.number,
    (SELECT string_agg(c.number::text, ', ' ORDER BY c.number) FROM calendar c WHERE c.visit_id = ANY(p.visit_ids)),
    (SELECT string_agg(s.number::text, ', ' ORDER BY s.number) FROM stock_documents s
      WHERE s.id = ANY(p.visit_ids) AND s.kind = 'goods_issue')
  FROM payments p LEFT JOIN catalogue d ON d.entry_id = p.desk_id LEFT JOIN payments o ON o.id = p.payment_id
  LEFT JOIN patients t ON t.patient_id = p.patient_id LEFT JOIN patients k ON k.patient_id = t.merged_into
  LEFT JOIN patients w ON w.patient_id = p.payer_id LEFT JOIN patients wk ON wk.patient_id = w.merged_into
  LEFT JOIN catalogue f ON f.entry_id = p.counterparty_id
  WHERE p.id = %s AND p.kind = %s"""


def of_patient(conn: Connection[Any], document_id: UUID, kind: Literal["payment", "refund"]) -> CashOrder | None:
    """Of a payment or a refund."""
    row = conn.execute(_OF_PATIENT, (document_id, kind)).fetchone()
    if row is None:
        return None
    kind, number, moment, total, text, deleted, cash, patient_id, party, returned, visits, sales = row
    if kind == "refund":
        basis = f"Возврат по оплате № {returned}" + (f": {text}" if text else "")
        return CashOrder("outgo", f"В-{number}", moment, party, basis, total, cash, deleted, patient_id)
    treated, bought = f"{TREATMENT}, визит № {visits}" if visits else "", f"{GOODS}, накладная № {sales}" if sales else ""
    basis = "; ".join(filter(None, (treated, bought))) or ADVANCE
    return CashOrder("income", f"О-{number}", moment, party, basis, total, cash, deleted, patient_id)


def of_document(conn: Connection[Any], kind: type[MoneyDocument], document_id: UUID) -> CashOrder | None:
    """Of an income or an outgo."""
    found = money_documents.get(conn, kind, document_id)
    if found is None:
        return None
    party = next((found.names[name] for name in ("patient_id", "counterparty_id", "employee_id") if found.names.get(name)), "")
    basis = ", ".join(dict.fromkeys(filter(None, (*found.articles, str(found.fields["comment"]).strip()))))
    patient = found.fields.get("patient_id")
    return CashOrder(
        "income" if kind.SHAPE.flow == "income" else "outgo",
        str(found.number),
        datetime.fromisoformat(str(found.fields["moment"])),
        party,
        basis,
        found.total,
        found.cash,
        found.deleted,
        UUID(str(patient)) if patient else None,
    )
