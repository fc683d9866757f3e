"""Requisites of the clinic and of counterparties as they were on a paper's date, read from the log itself.

What is printed again says the same after a change of name or address. What nobody had written by then is taken as it was first
written: papers of earlier days have an ИНН too.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogue import EntryChanged, EntryCreated
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Decoders, Event
from aggregates.values import FieldChange, Scalar

_EVENTS = "SELECT topic, state::text FROM events WHERE originator_id = %s ORDER BY originator_version"


class Requisites(msgspec.Struct, frozen=True):
    """Of an organisation. `name`: what it is called; `legal_name`: "" of one that has no other."""

    name: str
    legal_name: str = ""
    address: str = ""
    phone: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    head_name: str = ""
    bank_name: str = ""
    bik: str = ""
    account: str = ""
    corr_account: str = ""

    @property
    def full(self) -> str:
        """The name for a paper's parties."""
        return self.legal_name or self.name


def of_clinic(conn: Connection[Any], decoders: Decoders, moment: datetime) -> Requisites:
    """Of the clinic at an instant."""
    known = _as_of(conn, decoders, SETTINGS_ID, moment)
    return Requisites(
        name=known["clinic_name"],
        legal_name=known.get("legal_name", ""),
        address=known.get("legal_address", ""),
        phone=known.get("phone", ""),
        inn=known.get("inn", ""),
        kpp=known.get("kpp", ""),
        ogrn=known.get("ogrn", ""),
        **{name: known.get(name, "") for name in ("head_name", "bank_name", "bik", "account", "corr_account")},
    )


def of_counterparty(conn: Connection[Any], decoders: Decoders, counterparty_id: UUID, moment: datetime) -> Requisites:
    """Of a counterparty at an instant."""
    known = _as_of(conn, decoders, counterparty_id, moment)
    return Requisites(**{name: known.get(name, "") for name in ("name", "address", "phone", "inn", "kpp")})


def _as_of(conn: Connection[Any], decoders: Decoders, object_id: UUID, moment: datetime) -> dict[str, str]:
    """Field → text at the instant; an empty one as it was first filled later."""
    then: dict[str, str] = {}
    later: dict[str, str] = {}
    for topic, state in conn.execute(_EVENTS, (object_id,)).fetchall():
        event = decoders[topic](state.encode())
        for name, value in _written(event):
            if event.timestamp <= moment:
                then[name] = str(value or "")
            elif value:
                later.setdefault(name, str(value))
    return {name: then.get(name) or later.get(name, "") for name in {**then, **later}}


def _written(event: Event) -> Iterable[tuple[str, Scalar]]:
    if isinstance(event, ClinicSettings.Opened):
        return _of_card(event.values)
    if isinstance(event, EntryCreated):
        return _of_card(event.card)
    if isinstance(event, ClinicSettings.Changed | EntryChanged):
        return _of_changes(event.changes)
    return ()


def _of_card(card: Mapping[str, Scalar]) -> Iterable[tuple[str, Scalar]]:
    return card.items()


def _of_changes(changes: Iterable[FieldChange]) -> Iterable[tuple[str, Scalar]]:
    return ((change.field, change.new) for change in changes)
