"""The file of tax certificates for the tax office: its name, its elements, and characters that its encoding lacks (FIN-6)."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from aggregates.money.tax_certificate import Issuer, Paper, Sums
from aggregates.money.tax_certificate_refusals import NotOneFile, TaxOfficeMissing
from readmodels.money.tax_certificates import TaxCertificateCard, TaxCertificateItem
from readmodels.references import Ref
from services.papers.tax_certificate_file import electronic_form
from tests.aggregates.scenario import named
from tests.aggregates.test_tax_certificate import ISSUER, STORED

TODAY = date(2027, 2, 3)


def certificate(
    number: int = 7,
    sums: tuple[str, str] = ("1500.50", "0.00"),
    *,
    correction: int = 0,
    issuer: Issuer = ISSUER,
    year: int = 2026,
    **card: Any,
) -> TaxCertificateCard:
    paper = Paper(correction, Sums(Decimal(sums[0]), Decimal(sums[1])), issuer, {**STORED, **card})
    payer, patient = Ref(named("payer"), ""), Ref(named("patient"), "")
    item = TaxCertificateItem(
        named(str(number)), 1, number, year, correction, TODAY, payer, "", patient, paper.sums.code_1, paper.sums.code_2, [],
        False, False,
    )  # fmt: skip
    return TaxCertificateCard(item, [paper])


def made(*certificates: TaxCertificateCard) -> tuple[str, Element]:
    name, content = electronic_form(certificates, "7701", TODAY, "1.0", "N1")
    assert content.startswith(b"<?xml version='1.0' encoding='windows-1251'?>")
    return name, fromstring(content.decode("cp1251").partition("?>")[2])  # noqa: S314  our own


def flat(element: Element) -> list[tuple[str, dict[str, str]]]:
    return [(one.tag, dict(one.attrib)) for one in element.iter()]


@pytest.mark.spec("FIN-6")
def test_a_file_holds_certificates_with_payers_and_patients() -> None:
    name, root = made(certificate(), certificate(8, ("0.00", "90000.00"), correction=2, same_person=True))
    base = "UT_SVOPLMEDUSL_7701_7701_7707083893770701001_20270203_N1"
    assert name == f"{base}.xml"
    assert flat(root) == [
        ("Файл", {"ИдФайл": base, "ВерсПрог": "Denta 1.0", "ВерсФорм": "5.01"}),
        ("Документ", {"КНД": "1184043", "ДатаДок": "03.02.2027", "КодНО": "7701", "ОтчГод": "2026"}),
        ("СвНП", {}),
        ("НПЮЛ", {"НаимОрг": "ООО «Улыбка»", "ИННЮЛ": "7707083893", "КПП": "770701001"}),
        ("Подписант", {"ПрПодп": "1"}),
        ("ФИО", {"Фамилия": "Белова", "Имя": "Ольга", "Отчество": "Петровна"}),
        ("СведРасхУсл", {"НомерСвед": "7", "НомКорр": "0", "ПрПациент": "0", "СуммаКод1": "1500.50"}),
        ("НППлатМедУсл", {"ИНН": "500100732259", "ДатаРожд": "03.02.1990"}),
        ("ФИО", {"Фамилия": "Ёлкина", "Имя": "Анна"}),
        ("Пациент", {"ДатаРожд": "01.07.2015"}),
        ("ФИО", {"Фамилия": "Ёлкин", "Имя": "Пётр"}),
        ("СведДок", {"КодВидДок": "03", "СерНомДок": "I-МЮ 123456", "ДатаДок": "10.07.2015"}),
        ("СведРасхУсл", {"НомерСвед": "8", "НомКорр": "2", "ПрПациент": "1", "СуммаКод2": "90000.00"}),
        ("НППлатМедУсл", {"ИНН": "500100732259", "ДатаРожд": "03.02.1990"}),
        ("ФИО", {"Фамилия": "Ёлкина", "Имя": "Анна"}),
    ]


@pytest.mark.spec("FIN-6")
def test_what_people_typed_is_escaped_and_every_character_survives() -> None:
    _, root = made(certificate(payer_family_name='<&"ә😀>', signer_authority="Доверенность № 5"))
    names = [one.attrib["Фамилия"] for one in root.iter("ФИО")]
    assert names[1] == '<&"ә😀>'
    assert next(root.iter("Подписант")).attrib == {"ПрПодп": "2"}
    assert next(root.iter("СвПред")).attrib == {"НаимДок": "Доверенность № 5"}


@pytest.mark.spec("FIN-6")
def test_an_entrepreneur_is_named_as_a_person() -> None:
    name, root = made(certificate(issuer=Issuer("ИП Белова Ольга", "500100732259", "")))
    assert "_500100732259_" in name
    trader = next(root.iter("НПИП"))
    assert (trader.attrib, trader[0].attrib) == ({"ИННФЛ": "500100732259"}, {"Фамилия": "Белова", "Имя": "Ольга"})


@pytest.mark.spec("FIN-6")
@pytest.mark.parametrize(
    "other",
    [certificate(8, year=2025), certificate(8, issuer=Issuer("ООО", "7707083893", "1")), certificate(8, signer="Орлова Анна")],
)
def test_what_differs_in_the_head_needs_another_file(other: TaxCertificateCard) -> None:
    with pytest.raises(NotOneFile):
        electronic_form([certificate(), other], "7701", TODAY, "1.0", "N1")
    with pytest.raises(TaxOfficeMissing):
        electronic_form([certificate()], "", TODAY, "1.0", "N1")
