"""A visit as what payments pay for."""

from decimal import Decimal

from aggregates.money.charge import Charge, ChargeLine
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_refusals import VisitOver
from aggregates.scheduling.visit_status import FREEING


def charge_of_visit(visit: Visit) -> Charge:
    nets = [amount.net for amount in visit.amounts.lines]
    services = [
        ChargeLine(line.service_id, "service", line.name, Decimal(line.quantity), net)
        for line, net in zip(visit.lines, nets, strict=False)
    ]
    goods = [
        ChargeLine(line.goods_id, "commodity", line.name, line.quantity, net)
        for line, net in zip(visit.goods, nets[len(visit.lines) :], strict=True)
    ]
    over = VisitOver(status=visit.status) if visit.status in FREEING else None
    return Charge(
        id=visit.id,
        kind="visit",
        number=visit.number,
        patient_id=visit.patient_id,
        total=visit.total,
        lines=(*services, *goods),
        refusal=visit.refusal_when_deleted() if visit.deleted else over,
        done=visit.status == "completed",
        moment=visit.slot.starts_at,
        ends_at=visit.slot.ends_at,
    )
