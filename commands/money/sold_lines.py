"""The lines of a visit as receipts name them, with the VAT of each service and goods as it is now."""

from decimal import Decimal
from uuid import UUID

from aggregates.catalogues import Goods
from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.clinic.service import Service
from aggregates.money.receipt import Vat
from aggregates.money.receipt_accounts import SoldLine
from aggregates.scheduling.visit import Visit
from commands.ports.clinic import Clinic


def sold_lines(clinic: Clinic, settings: ClinicSettings, visit: Visit) -> tuple[SoldLine, ...]:
    """Services, then goods, each with what it comes to. One without a VAT of its own has that of the settings."""
    nets = [amount.net for amount in visit.amounts.lines]
    vats = _vats(clinic, settings, visit)
    services = [
        SoldLine(name=line.name, quantity=Decimal(line.quantity), net=net, subject="service", vat=vats[line.service_id])
        for line, net in zip(visit.lines, nets, strict=False)
    ]
    goods = [
        SoldLine(name=line.name, quantity=line.quantity, net=net, subject="commodity", vat=vats[line.goods_id])
        for line, net in zip(visit.goods, nets[len(visit.lines) :], strict=True)
    ]
    return (*services, *goods)


def _vats(clinic: Clinic, settings: ClinicSettings, visit: Visit) -> dict[UUID, Vat]:
    """Of its services and goods."""
    services = clinic.load_each(Service, {line.service_id for line in visit.lines})
    goods = clinic.load_each(Goods, {line.goods_id for line in visit.goods})
    own: dict[UUID, object] = {
        **{id_: service.vat for id_, service in services.items()},
        **{id_: entry.card["vat"] for id_, entry in goods.items()},
    }
    of_services = {line.service_id: own.get(line.service_id) or settings.vat_of("service") for line in visit.lines}
    of_goods = {line.goods_id: own.get(line.goods_id) or settings.vat_of("commodity") for line in visit.goods}
    return {**of_services, **of_goods}  # type: ignore[dict-item]  # checked as one of them
