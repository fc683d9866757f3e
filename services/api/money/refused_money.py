"""Missing cash and overpaid receipts in refusals: with names, and the documents that it is about."""

from typing import Any

from aggregates.money.cash_shortage import CashShortage
from aggregates.money.settlement import Overpayment
from readmodels import catalogue
from readmodels.money import money_documents
from readmodels.stock import stock_documents
from services.api.names import Names
from services.api.refusal_names import NamedFact


def _shown(names: Names, short: CashShortage) -> dict[str, Any]:
    known = catalogue.names(names.connection, [short.desk_id])
    return {
        "desk": {"id": short.desk_id, "name": known.get(short.desk_id, "")},
        "moment": short.moment,
        "missing": short.missing,
        "document": money_documents.numbered(names.connection, short.document_id),
    }


def _overpaid(names: Names, overpayment: Overpayment) -> dict[str, Any]:
    return {
        "receipt": stock_documents.numbered(names.connection, overpayment.receipt_id),
        "excess": overpayment.excess,
        "document": money_documents.numbered(names.connection, overpayment.document_id),
    }


SHORTAGES_IN_REFUSALS = NamedFact(CashShortage, _shown)
OVERPAYMENTS_IN_REFUSALS = NamedFact(Overpayment, _overpaid)
