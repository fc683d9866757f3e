"""Tax certificates with their papers."""

from msgspec.structs import replace

from aggregates.money.tax_certificate import Paper, TaxCertificate
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing
from readmodels.money.tax_certificates import TABLE, TaxCertificateRow
from readmodels.search_text import normal


def _issued(_: TaxCertificateRow | None, event: TaxCertificate.Issued) -> TaxCertificateRow:
    paper = event.paper
    return TaxCertificateRow(
        id=event.originator_id,
        number=event.number,
        year=event.year,
        payer_id=event.payer_id,
        patient_id=event.patient_id,
        papers=(paper,),
        handed=(),
        correction=paper.correction,
        issued_on=paper.issued_on,
        code_1=paper.sums.code_1,
        code_2=paper.sums.code_2,
        sent=False,
        search=_search(event.number, paper),
        deleted=False,
        version=event.originator_version,
    )


def _another(row: TaxCertificateRow, event: TaxCertificate.Corrected | TaxCertificate.Annulled) -> TaxCertificateRow:
    paper = event.paper
    return replace(
        row,
        papers=(*row.papers, paper),
        correction=paper.correction,
        issued_on=paper.issued_on,
        code_1=paper.sums.code_1,
        code_2=paper.sums.code_2,
        sent=False,
        search=_search(row.number, paper),
        version=event.originator_version,
    )


def _handed(row: TaxCertificateRow, event: TaxCertificate.HandedOver) -> TaxCertificateRow:
    return replace(row, handed=(*row.handed, event.handing), sent=True, version=event.originator_version)


def _search(number: int, paper: Paper) -> str:
    names = (who[part] for who in (paper.payer, paper.patient) for part in ("family_name", "given_name", "patronymic"))
    return normal(" ".join([str(number), *dict.fromkeys(names)]))


TAX_CERTIFICATES = Projection(
    "tax_certificates",
    TABLE,
    revision=1,
    audience=Audience("tax_certificates"),
    handlers={
        TaxCertificate.Issued: Own(_issued),
        TaxCertificate.Corrected: Own(existing(_another)),
        TaxCertificate.Annulled: Own(existing(_another)),
        TaxCertificate.HandedOver: Own(existing(_handed)),
        **deletable(TaxCertificate),
    },
    one_stream=True,
)
"""What patients have paid by now is asked when a certificate is shown: nothing here depends on payments."""
