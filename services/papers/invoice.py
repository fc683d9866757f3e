"""Papers to an organisation that pays for patients: the invoice, and the act of the same services (FIN-7)."""

from aggregates.money.invoice import InvoiceLine
from readmodels.clinic.requisites import Requisites
from readmodels.money.invoices import InvoiceCard
from readmodels.words.values import format_day
from services.papers.layout import laid_out

NAMES = {"invoice": "Счёт", "act": "Акт"}


def invoice_paper(card: InvoiceCard, clinic: Requisites, payer: Requisites, *, act: bool, names: bool) -> str:
    """The HTML of an invoice or its act. `names`: with patients and services, for those who open cards."""
    item = card.item
    return laid_out(
        "invoice.html",
        act=act,
        title=f"{'Акт об оказании услуг' if act else 'Счёт на оплату'} № {item.number}",
        day=item.act_on if act else item.issued_on,
        state="Аннулирован" if item.deleted else "",
        clinic=clinic,
        payer=payer,
        basis=f"Счёт № {item.number} от {format_day(item.issued_on)}",
        due_on=item.due_on,
        period=_period(card),
        comment=item.comment,
        lines=[{"name": _name(line, names=names), "day": line.day, "sum": line.sum} for line in card.lines],
        total=item.total,
    )


def _period(card: InvoiceCard) -> str:
    first, last = card.item.first, card.item.last
    return f"по {format_day(last)}" if first is None else f"с {format_day(first)} по {format_day(last)}"


def _name(line: InvoiceLine, *, names: bool) -> str:
    visit = f"Визит № {line.visit_number}"
    if not names:
        return visit
    patient = ", ".join(filter(None, (line.patient, f"карта {line.card_number}" if line.card_number else "")))
    return ": ".join(filter(None, (", ".join(filter(None, (visit, patient))), line.services)))
