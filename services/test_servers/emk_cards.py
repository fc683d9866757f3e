"""What the test registry demands of a patient's card, and which changes of an accepted one it takes."""

import unicodedata
from collections.abc import Iterable

import msgspec
from lxml import etree

from aggregates.people.person import check_number
from services.test_servers.emk_faults import OTHER_BIRTH, OTHER_NAME, Entry, inside, missing, wrong
from services.test_servers.emk_reading import Node

PATIENT = "http://schemas.datacontract.org/2004/07/EMKService.Data.Dto"
SNILS = "223"
_NAMES = ("FamilyName", "GivenName", "MiddleName")


class CardFacts(msgspec.Struct, frozen=True):
    """What of a card the rules compare."""

    id: str
    names: tuple[str, str, str]
    """Family, given, middle."""
    birth_date: str
    sex: str
    snils: str = ""


def card_facts(card: Node) -> CardFacts:
    family, given, middle = (card.text(name) for name in _NAMES)
    papers = {paper.text("IdDocumentType"): paper.text("DocN") for paper in card.nodes("Documents")}
    birth_date = card.text("BirthDate").partition("T")[0]
    return CardFacts(card.text("IdPatientMIS"), (family, given, middle), birth_date, card.text("Sex"), papers.get(SNILS, ""))


def card_xml(taken: str, global_id: str, tag: str) -> str:
    """A taken card as it is returned: under another element, with the registry's own identifier at its place."""
    card = etree.fromstring(taken)
    card.tag = tag
    for known in card.findall(f"{{{PATIENT}}}IdGlobal"):
        card.remove(known)
    own = etree.Element(f"{{{PATIENT}}}IdGlobal")
    own.text = global_id
    card.insert(sum(etree.QName(member).localname < "IdGlobal" for member in card), own)
    return str(etree.tostring(card, encoding="unicode"))


def card_errors(card: Node) -> list[Entry]:
    errors = [missing(name) for name in ("IdPatientMIS", "FamilyName", "GivenName", "BirthDate", "Sex") if not card.text(name)]
    if card.text("Sex") and card.text("Sex") not in {"1", "2"}:
        errors.append(wrong("Sex", "Пол: 1 или 2"))
    errors += paper_errors(card.nodes("Documents"))
    if (person := card.node("ContactPerson")) is not None:
        names = ("FamilyName", "GivenName", "IdPersonMis", "IdRelationType")
        errors += inside("ContactPerson", [missing(name) for name in names if not person.text(name)])
    return errors


def paper_errors(papers: Iterable[Node]) -> list[Entry]:
    errors = []
    for paper in papers:
        errors += [missing(name) for name in ("DocN", "IdDocumentType") if not paper.text(name)]
        if paper.text("IdDocumentType") == SNILS:
            errors += _snils_errors(paper)
    return inside("Documents", errors)


def _snils_errors(paper: Node) -> list[Entry]:
    number = paper.text("DocN")
    if not (number.isascii() and number.isdecimal() and len(number) == 11):
        return [wrong("DocN", "СНИЛС: одиннадцать цифр без разделителей")]
    errors = [] if int(number[9:]) == check_number(number[:9]) else [wrong("DocN", "СНИЛС: неверное контрольное число")]
    return errors if paper.text("ProviderName") == "ПФР" else [*errors, wrong("ProviderName", "СНИЛС выдаёт ПФР")]


def change_errors(accepted: CardFacts, new: CardFacts) -> list[Entry]:
    """What is wrong with an update of an accepted card."""
    errors = []
    if not refines(accepted.birth_date, new.birth_date):
        errors.append(Entry("BirthDate", "Дату рождения принятой карты можно только дополнить", OTHER_BIRTH))
    if differing_names(accepted.names, new.names) > 1:
        errors.append(Entry("FamilyName", "Меняется больше одной части ФИО", OTHER_NAME))
    return errors


def refines(accepted: str, new: str) -> bool:
    """Whether a date, perhaps partial, has all the components of another one: 1999 → 1999-01 → 1999-01-15."""
    parts = accepted.split("-")
    return new.split("-")[: len(parts)] == parts


def differing_names(accepted: Iterable[str], new: Iterable[str]) -> int:
    """Letter case, spaces around and the form of Unicode are no difference."""
    return sum(_compared(old) != _compared(part) for old, part in zip(accepted, new, strict=True))


def _compared(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
