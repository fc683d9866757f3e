"""Words of tax certificates."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.money.tax_certificate import ANNULMENT, WAYS, Handing, Paper, TaxCertificate
from aggregates.money.tax_certificate_fields import TAX_CERTIFICATE_FIELDS
from aggregates.people.patient import PatientCard
from readmodels.words.accessed import DELETED, PERIOD, QUERY, AccessedList, Filter, yes_no
from readmodels.words.declaration import ByNumber, Sentence, Text, Words
from readmodels.words.values import YES_NO, Change, Described, Named, described_fields, filled_fields, format_day, format_rubles


def _stated(paper: Paper) -> Iterable[Change]:
    yield Change("Сумма по коду 1", None, format_rubles(paper.sums.code_1))
    yield Change("Сумма по коду 2", None, format_rubles(paper.sums.code_2))
    yield from filled_fields(TAX_CERTIFICATE_FIELDS, paper.card.items())


def _issued(event: TaxCertificate.Issued) -> Iterable[Change]:
    yield Change("Год", None, str(event.year))
    yield Change("Плательщик", None, Named(PatientCard.TOPIC, event.payer_id))
    yield Change("Пациент", None, Named(PatientCard.TOPIC, event.patient_id))
    yield from _stated(event.paper)


def _refs(event: TaxCertificate.Issued) -> Iterable[UUID | None]:
    return dict.fromkeys((event.payer_id, event.patient_id))


def _corrected(event: TaxCertificate.Corrected, phrase: str) -> str:
    return phrase.format(event.paper.correction)


def _handed(event: TaxCertificate.HandedOver, over: str, sent: str) -> str:
    return over if event.handing.way == "paper" else sent


def _handing(handing: Handing) -> str:
    return f"{WAYS[handing.way]} {format_day(handing.day)}"


def _state(certificate: TaxCertificate) -> Described:
    paper = certificate.latest
    yield "Год", str(certificate.year)
    yield "Плательщик", Named(PatientCard.TOPIC, certificate.payer_id)
    yield "Пациент", Named(PatientCard.TOPIC, certificate.patient_id)
    yield "Корректировка", "аннулирована" if paper.correction == ANNULMENT else str(paper.correction)
    yield "Сумма по коду 1", format_rubles(paper.sums.code_1)
    yield "Сумма по коду 2", format_rubles(paper.sums.code_2)
    yield "Клиника", paper.issuer.name
    yield from described_fields(TAX_CERTIFICATE_FIELDS, paper.card)
    yield "Выдача", "; ".join(_handing(one) for one in certificate.handed) or None
    yield "Удалена", YES_NO[certificate.deleted]


TAX_CERTIFICATE = Words(
    kind=TaxCertificate,
    label="Справка для налоговой",
    title="Справка для налоговой № {0}",
    names="SELECT id, number::text FROM tax_certificates WHERE id = ANY(%s)",
    found_by=ByNumber("SELECT id FROM tax_certificates WHERE number = ANY(%(numbers)s)"),
    numbered="SELECT id FROM tax_certificates WHERE number::text = %s",
    patient_of=lambda certificate: certificate.patient_id,
    actions={
        "tax_certificate_issued": "Новая справка для налоговой",
        "tax_certificate_corrected": "Корректировка справки для налоговой",
        "tax_certificate_annulled": "Аннулирование справки для налоговой",
        "tax_certificate_handed_over": "Выдача справки для налоговой",
        "tax_certificate_deleted": "Удаление справки для налоговой",
        "tax_certificate_returned": "Возвращение удалённой справки для налоговой",
    },
    events={
        TaxCertificate.Issued: Text("tax_certificate_issued", " выписана", _issued, _refs),
        TaxCertificate.Corrected: Text(
            "tax_certificate_corrected",
            Sentence((": выпущена корректировка № {}",), _corrected),
            lambda event: _stated(event.paper),
        ),
        TaxCertificate.Annulled: Text("tax_certificate_annulled", " аннулирована"),
        TaxCertificate.HandedOver: Text(
            "tax_certificate_handed_over", Sentence((" выдана на бумаге", " отправлена в электронном виде"), _handed)
        ),
        TaxCertificate.Deleted: Text("tax_certificate_deleted", " удалена"),
        TaxCertificate.Returned: Text("tax_certificate_returned", " возвращена"),
    },
    state=_state,
)

TAX_CERTIFICATES_ACCESSED = AccessedList(
    type=TaxCertificate.TOPIC,
    label="Справки для налоговой",
    path="/tax-certificates",
    rights=("tax_certificates",),
    filters={
        **QUERY,
        "year": Filter("год"),
        **PERIOD,
        "sent": Filter("выданы", shown=yes_no),
        "patient_id": Filter("пациент", refers=PatientCard.TOPIC),
        **DELETED,
    },
)
