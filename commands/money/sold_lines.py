"""The lines of a visit or a sale as receipts name them, with the VAT of each service and goods as it is now."""

from uuid import UUID

from aggregates.catalogues import Goods
from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.clinic.service import Service
from aggregates.money.charge import Charge
from aggregates.money.receipt_accounts import SoldLine
from commands.ports.clinic import Clinic


def sold_lines(clinic: Clinic, settings: ClinicSettings, charge: Charge) -> tuple[SoldLine, ...]:
    """One without a VAT of its own has that of the settings."""
    services = clinic.load_each(Service, {line.item_id for line in charge.lines if line.subject == "service"})
    goods = clinic.load_each(Goods, {line.item_id for line in charge.lines if line.subject == "commodity"})
    own: dict[UUID, object] = {
        **{id_: service.vat for id_, service in services.items()},
        **{id_: entry.card["vat"] for id_, entry in goods.items()},
    }
    return tuple(
        SoldLine(
            name=line.name or goods[line.item_id].name,
            quantity=line.quantity,
            net=line.net,
            subject=line.subject,
            vat=own.get(line.item_id) or settings.vat_of(line.subject),  # type: ignore[arg-type]  # checked as one of them
        )
        for line in charge.lines
    )
