"""Tax certificates, with the papers of each as they were issued."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.tax_certificate import ANNULMENT, Handing, Paper
from readmodels.money.tax_sums import CertifiedYear
from readmodels.references import Ref
from readmodels.search_text import holds, readings
from readmodels.table import Table


class TaxCertificateRow(msgspec.Struct, frozen=True):
    """A certificate. `correction`, `issued_on`, `code_1`, `code_2`: of its latest paper; `search`: number, payer and patient as
    the papers name them, normalized; `sent`: whether the latest paper was handed over or sent.
    """

    id: UUID
    number: int
    year: int
    payer_id: UUID
    patient_id: UUID
    papers: tuple[Paper, ...]
    handed: tuple[Handing, ...]
    correction: int
    issued_on: date
    code_1: Decimal
    code_2: Decimal
    sent: bool
    search: str
    deleted: bool
    version: int


TABLE = Table(
    "tax_certificates",
    TaxCertificateRow,
    key=("id",),
    indexes=("(issued_on, number)", "(payer_id)", "(patient_id)", "using gin (search gin_trgm_ops)"),
    extensions=("pg_trgm",),
)


class TaxCertificateItem(msgspec.Struct, frozen=True, gc=False):
    """A certificate in the journal. `payer`, `patient`: cards; `payer_name`: as its latest paper has it."""

    id: UUID
    version: int
    number: int
    year: int
    correction: int
    issued_on: date
    payer: Ref
    payer_name: str
    patient: Ref
    code_1: Decimal
    code_2: Decimal
    handed: list[Handing]
    sent: bool
    deleted: bool

    @property
    def annulled(self) -> bool:
        return self.correction == ANNULMENT


class TaxCertificateCard(msgspec.Struct, frozen=True, gc=False):
    """A certificate with all its papers, the first one first."""

    item: TaxCertificateItem
    papers: list[Paper]

    @property
    def certified(self) -> CertifiedYear:
        return CertifiedYear(self.item.payer.id, self.item.patient.id, self.item.year)


_OWN = "coalesce({0}k.patient_id, {0}.patient_id), coalesce({0}k.name, {0}.name, '')"
_ITEM = f"""SELECT t.id, t.version, t.number, t.year, t.correction, t.issued_on, {_OWN.format("w")}, {_OWN.format("p")},
    t.code_1, t.code_2, t.handed::text, t.sent, t.deleted, t.papers::text
  FROM tax_certificates t
  LEFT JOIN patients w ON w.patient_id = t.payer_id LEFT JOIN patients wk ON wk.patient_id = w.merged_into
  LEFT JOIN patients p ON p.patient_id = t.patient_id LEFT JOIN patients pk ON pk.patient_id = p.merged_into"""


def listing(
    conn: Connection[Any],
    *,
    query: str = "",
    year: int | None = None,
    first: date | None = None,
    last: date | None = None,
    sent: bool | None = None,
    patient_id: UUID | None = None,
    deleted: bool = False,
    page: int = 1,
    size: int = 50,
) -> tuple[list[TaxCertificateItem], int]:
    """One page of the journal, the latest first, and how many were found. `query`: parts of number, payer or patient;
    `patient_id`: of this person as payer or patient.
    """
    values: dict[str, Any] = {
        "year": year, "first": first, "end": last and last + timedelta(days=1), "sent": sent, "patient": patient_id,
        "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    conditions = ["true" if deleted else "NOT t.deleted"] + [
        condition
        for condition, given in (
            ("t.year = %(year)s", year),
            ("t.issued_on >= %(first)s", first),
            ("t.issued_on < %(end)s", last),
            ("t.sent = %(sent)s", sent),
            (_OF_PERSON, patient_id),
        )
        if given is not None
    ]
    if written := query.strip():
        conditions.append("(" + " OR ".join(holds("t.search", way, values) for way in readings(written)) + ")")
    where = " AND ".join(conditions)
    rows = conn.execute(
        f"{_ITEM} WHERE {where} ORDER BY t.issued_on DESC, t.number DESC LIMIT %(size)s OFFSET %(skip)s", values, prepare=False
    ).fetchall()
    total = conn.execute(f"SELECT count(*) FROM tax_certificates t WHERE {where}", values, prepare=False).fetchone()
    return [_card(row).item for row in rows], total[0] if total else 0


_OF_PERSON = """(t.payer_id = ANY((SELECT cards FROM patients WHERE patient_id = %(patient)s)::uuid[])
  OR t.patient_id = ANY((SELECT cards FROM patients WHERE patient_id = %(patient)s)::uuid[]))"""


def get(conn: Connection[Any], certificate_id: UUID) -> TaxCertificateCard | None:
    """One certificate, deleted or not."""
    return next(iter(of_ids(conn, [certificate_id])), None)


def of_ids(conn: Connection[Any], ids: list[UUID]) -> list[TaxCertificateCard]:
    """Certificates by number, deleted or not; those that don't exist are left out."""
    return [_card(row) for row in conn.execute(f"{_ITEM} WHERE t.id = ANY(%s) ORDER BY t.number", (ids,)).fetchall()]


def in_force(conn: Connection[Any], patient_id: UUID, year: int) -> dict[UUID, Ref]:
    """Payer → the certificate in force for a patient and a year, called by its number."""
    rows = conn.execute(
        """SELECT coalesce(w.merged_into, t.payer_id), t.id, t.number::text FROM tax_certificates t
          LEFT JOIN patients w ON w.patient_id = t.payer_id
          WHERE t.patient_id = ANY((SELECT cards FROM patients WHERE patient_id = %(patient)s)::uuid[]) AND t.year = %(year)s
            AND NOT t.deleted AND t.correction <> %(annulment)s ORDER BY t.number""",
        {"patient": patient_id, "year": year, "annulment": ANNULMENT},
    ).fetchall()
    return {payer_id: Ref(id_, number) for payer_id, id_, number in rows}


_PAPERS = msgspec.json.Decoder(list[Paper]).decode
_HANDED = msgspec.json.Decoder(list[Handing]).decode


def _card(row: Any) -> TaxCertificateCard:
    id_, version, number, year, correction, issued_on, payer_id, payer, patient_id, patient, code_1, code_2 = row[:12]
    handed, sent, deleted, papers = row[12:]
    stated = _PAPERS(papers)
    who = stated[-1].payer
    name = " ".join(filter(None, (who["family_name"], who["given_name"], who["patronymic"])))
    item = TaxCertificateItem(
        id_, version, number, year, correction, issued_on, Ref(payer_id, payer), name, Ref(patient_id, patient), code_1, code_2,
        _HANDED(handed), sent, deleted,
    )  # fmt: skip
    return TaxCertificateCard(item, stated)
