"""The electronic form of tax certificates: «Сведения…», КНД 1184043, format 5.01 (FIN-6).

One file holds certificates of one clinic, year and signer. Characters that windows-1251 lacks become numbered references.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from aggregates.money.tax_certificate import Paper
from aggregates.money.tax_certificate_refusals import NotOneFile, TaxOfficeMissing
from readmodels.money.tax_certificates import TaxCertificateCard
from readmodels.words.values import format_day

KND, FORMAT, ENCODING = "1184043", "5.01", "windows-1251"
_SOLE_TRADER = ("индивидуальный предприниматель", "ип")
_MOST_NAME = 1000


def electronic_form(
    certificates: Sequence[TaxCertificateCard], tax_office: str, today: date, version: str, file_id: str
) -> tuple[str, bytes]:
    """Name and content of the file, with the latest paper of each certificate. At least one. `file_id`: unique for the clinic.

    TaxOfficeMissing, NotOneFile.
    """
    if not tax_office:
        raise TaxOfficeMissing
    papers = [(one, one.papers[-1]) for one in certificates]
    _, first = papers[0]
    for by, of_one in (
        ("разные годы", {one.item.year for one, _ in papers}),
        ("разные реквизиты клиники", {(paper.issuer.inn, paper.issuer.kpp) for _, paper in papers}),
        ("разные подписывающие", {(paper.card["signer"], paper.card["signer_authority"]) for _, paper in papers}),
    ):
        if len(of_one) > 1:
            raise NotOneFile(by=by)
    issuer = first.issuer
    name = f"UT_SVOPLMEDUSL_{tax_office}_{tax_office}_{issuer.inn}{issuer.kpp}_{today:%Y%m%d}_{file_id}"
    root = Element("Файл", {"ИдФайл": name, "ВерсПрог": f"Denta {version}", "ВерсФорм": FORMAT})
    document = SubElement(
        root,
        "Документ",
        {"КНД": KND, "ДатаДок": format_day(today), "КодНО": tax_office, "ОтчГод": str(certificates[0].item.year)},
    )
    _clinic(SubElement(document, "СвНП"), first)
    _signer(document, first)
    for certificate, paper in papers:
        _certificate(document, certificate.item.number, paper)
    return f"{name}.xml", tostring(root, encoding=ENCODING, xml_declaration=True)


def _clinic(parent: Element, paper: Paper) -> None:
    issuer = paper.issuer
    if len(issuer.inn) == 12:
        _full_name(SubElement(parent, "НПИП", {"ИННФЛ": issuer.inn}), _trader(issuer.name))
    else:
        SubElement(parent, "НПЮЛ", {"НаимОрг": issuer.name[:_MOST_NAME], "ИННЮЛ": issuer.inn, "КПП": issuer.kpp})


def _trader(name: str) -> str:
    """The name of an entrepreneur without what stands before it."""
    for prefix in _SOLE_TRADER:
        if name.lower().startswith(f"{prefix} "):
            return name[len(prefix) :]
    return name


def _signer(document: Element, paper: Paper) -> None:
    authority = str(paper.card["signer_authority"])
    signer = SubElement(document, "Подписант", {"ПрПодп": "2" if authority else "1"})
    _full_name(signer, str(paper.card["signer"]))
    if authority:
        SubElement(signer, "СвПред", {"НаимДок": authority})


def _full_name(parent: Element, written: str) -> None:
    family_name, given_name, *rest = [*written.split(), "", ""][: max(2, len(written.split()))]
    _named(parent, {"family_name": family_name, "given_name": given_name, "patronymic": " ".join(filter(None, rest))})


def _named(parent: Element, person: Mapping[str, str]) -> None:
    parts = {"Фамилия": person["family_name"], "Имя": person["given_name"], "Отчество": person["patronymic"]}
    SubElement(parent, "ФИО", {key: value for key, value in parts.items() if value})


def _certificate(document: Element, number: int, paper: Paper) -> None:
    same = paper.card["same_person"] is True
    facts = {"НомерСвед": str(number), "НомКорр": str(paper.correction), "ПрПациент": "1" if same else "0"}
    sums = {"СуммаКод1": paper.sums.code_1, "СуммаКод2": paper.sums.code_2}
    facts |= {key: _money(amount) for key, amount in sums.items() if amount}
    parent = SubElement(document, "СведРасхУсл", facts)
    _person(parent, "НППлатМедУсл", paper.payer)
    if not same:
        _person(parent, "Пациент", paper.patient)


def _person(parent: Element, tag: str, person: Mapping[str, str]) -> None:
    born = {"ДатаРожд": _day(person["birth_date"])}
    found = SubElement(parent, tag, {"ИНН": person["inn"], **born} if person["inn"] else born)
    _named(found, person)
    if not person["inn"]:
        document = (person["document_kind"], person["document_number"], _day(person["document_issued_on"]))
        SubElement(found, "СведДок", dict(zip(("КодВидДок", "СерНомДок", "ДатаДок"), document, strict=True)))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _day(stored: str) -> str:
    return format_day(date.fromisoformat(stored))
