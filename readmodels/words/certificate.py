"""Words of certificates."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.money.certificate import CERTIFICATE_FIELDS, Certificate
from readmodels.words.accessed import DELETED, QUERY, AccessedList, Filter
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described, changed_fields, described_fields, filled_fields


def _sold(event: Certificate.Sold) -> Iterable[Change]:
    return filled_fields(CERTIFICATE_FIELDS, ((name, value) for name, value in event.card.items() if name in CERTIFICATE_FIELDS))


def _buyers(*values: object) -> list[UUID]:
    return [UUID(str(value)) for value in values if value]


def _state(certificate: Certificate) -> Described:
    yield from described_fields(CERTIFICATE_FIELDS, certificate.card)
    yield "Удалён", YES_NO[certificate.deleted]


CERTIFICATE = Words(
    kind=Certificate,
    label="Сертификат",
    title="Сертификат № {0}",
    names="SELECT id, code FROM certificates WHERE id = ANY(%s)",
    found_by=ByWords("SELECT id FROM certificates", LETTERS.format("code")),
    numbered="SELECT id FROM certificates WHERE code = %s",
    patient_of=lambda certificate: next(iter(_buyers(certificate.card["buyer_id"])), None),
    actions={
        "certificate_sold": "Продажа сертификата",
        "certificate_changed": "Изменение сертификата",
        "certificate_deleted": "Удаление сертификата",
        "certificate_returned": "Возвращение удалённого сертификата",
    },
    events={
        Certificate.Sold: Text("certificate_sold", " продан", _sold, lambda event: _buyers(event.card.get("buyer_id"))),
        Certificate.Changed: Text(
            "certificate_changed",
            " изменён",
            lambda event: changed_fields(CERTIFICATE_FIELDS, event.changes),
            lambda event: [
                id_ for change in event.changes if change.field == "buyer_id" for id_ in _buyers(change.old, change.new)
            ],
        ),
        Certificate.Deleted: Text("certificate_deleted", " удалён"),
        Certificate.Returned: Text("certificate_returned", " возвращён"),
    },
    state=_state,
)

CERTIFICATES_ACCESSED = AccessedList(
    type=Certificate.TOPIC,
    label="Сертификаты",
    path="/certificates",
    rights=("certificates", "payments"),
    filters={**QUERY, "usable_on": Filter("действуют на"), **DELETED},
)
"""Certificates name the patients who bought them."""
