"""Papers of a visit: act, delivery note, check-list, and the patient's slip (VIS-7, CAL-18)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import FREEING, STATUS_LABELS
from readmodels.clinic.requisites import Requisites
from readmodels.scheduling.calendar import VisitItem
from readmodels.scheduling.visit_document import VisitDocument, VisitGoods
from services.papers.layout import laid_out

VisitPaper = Literal["act", "issue", "checklist", "slip", "bill"]
NAMES: dict[VisitPaper, str] = {"act": "Акт", "issue": "Накладная", "checklist": "Чек-лист", "slip": "Запись", "bill": "Счёт"}
"""Beginnings of file names."""
SERVED = "Услуги оказаны полностью и в срок. Заказчик претензий по объёму, качеству и срокам оказания услуг не имеет."
_LINES = msgspec.json.Decoder(tuple[Line, ...])


class PaperLine(msgspec.Struct, frozen=True):
    """A line as papers state it; `sum` after the discount, rubles."""

    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    sum: Decimal


def stated_lines(visit: VisitItem, document: VisitDocument) -> tuple[Sequence[PaperLine], Decimal]:
    """Lines and total of a visit: services, then goods, with what each comes to. Every paper takes them from here."""
    services = [("усл.", line.name, Decimal(line.quantity), line.price) for line in _LINES.decode(visit.lines)]
    goods = [(_unit(line), line.name, line.quantity, line.price) for line in document.goods]
    lines = [
        PaperLine(name, unit, quantity, price, amount.discount, amount.net)
        for (unit, name, quantity, price), amount in zip((*services, *goods), document.amounts.lines, strict=True)
    ]
    return lines, document.amounts.net


def _unit(line: VisitGoods) -> str:
    return line.goods.write_off_unit or line.goods.sale_unit if line.unit == "write_off" else line.goods.sale_unit


def visit_paper(
    paper: Literal["act", "issue", "checklist", "slip"], visit: VisitItem, document: VisitDocument, clinic: Requisites
) -> str:
    """The HTML of a paper of this visit, with the clinic's requisites of its date."""
    lines, total = stated_lines(visit, document)
    if paper == "slip":
        return laid_out("slip.html", visit=visit, clinic=clinic, lines=lines, state=state_of(visit, expects_done=False))
    doctor = visit.doctor.name if visit.doctor else ""
    shared = {
        "visit": visit,
        "clinic": clinic,
        "lines": lines,
        "total": total,
        "discounted": any(line.discount for line in lines),
        "boxes": paper == "checklist",
    }
    match paper:
        case "act":
            return laid_out(
                "visit_lines.html", **shared, title="Акт об оказании услуг", from_label="Исполнитель", to_label="Заказчик",
                statement=SERVED,
                signers=(("Исполнитель", doctor), ("Заказчик", visit.patient.name)), state=state_of(visit, expects_done=True),
            )  # fmt: skip
        case "issue":
            return laid_out(
                "visit_lines.html", **shared, title="Расходная накладная", from_label="Поставщик", to_label="Получатель",
                statement="", signers=(("Отпустил", ""), ("Получил", visit.patient.name)),
                state=state_of(visit, expects_done=True),
            )  # fmt: skip
        case "checklist":
            return laid_out(
                "visit_lines.html", **shared, title="Чек-лист визита", from_label="Клиника", to_label="Пациент", statement="",
                signers=(("Врач", doctor), ("Пациент", visit.patient.name)), state=state_of(visit, expects_done=False),
            )  # fmt: skip


def state_of(visit: VisitItem, *, expects_done: bool) -> str:
    """What the reader has to know before relying on the paper; "" if nothing."""
    if visit.deleted:
        return "Визит удалён"
    if visit.status in FREEING or (expects_done and visit.status != "completed"):
        return f"Визит {STATUS_LABELS[visit.status]}" + ("" if visit.status in FREEING else ", документ предварительный")
    return ""
