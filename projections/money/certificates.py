"""Certificates as they were sold."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.money.certificate import Certificate
from aggregates.values import Scalar
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing, reference
from readmodels.money.certificates import TABLE, CertificateRow
from readmodels.search_text import normal


def _sold(_: CertificateRow | None, event: Certificate.Sold) -> CertificateRow:
    card = event.card
    return CertificateRow(
        id=event.originator_id,
        moment=datetime.fromisoformat(str(card["moment"])),
        nominal=Decimal(str(card["nominal"])),
        price=Decimal(str(card["price"])),
        desk_id=UUID(str(card["desk_id"])),
        deleted=False,
        version=event.originator_version,
        **_columns(card),
    )


def _changed(row: CertificateRow, event: Certificate.Changed) -> CertificateRow:
    return replace(row, version=event.originator_version, **_columns(changed(event.changes)))


def _columns(card: Mapping[str, Scalar]) -> dict[str, Any]:
    """The columns of these fields, which may change."""
    columns: dict[str, Any] = {}
    if "code" in card:
        columns |= {"code": str(card["code"]), "search": normal(str(card["code"]))}
    if "buyer_id" in card:
        columns["buyer_id"] = reference(str(card["buyer_id"]) if card["buyer_id"] else None)
    if "valid_until" in card:
        columns["valid_until"] = date.fromisoformat(str(card["valid_until"])) if card["valid_until"] else None
    if "comment" in card:
        columns["comment"] = str(card["comment"])
    return columns


CERTIFICATES = Projection(
    "certificates",
    TABLE,
    revision=1,
    audience=Audience("certificates", "payments", "patient_finances"),
    handlers={Certificate.Sold: Own(_sold), Certificate.Changed: Own(existing(_changed)), **deletable(Certificate)},
    one_stream=True,
)
