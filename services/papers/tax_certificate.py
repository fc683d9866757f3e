"""The printed tax certificate, КНД 1151156 (FIN-6): a second page where the patient isn't the payer."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from aggregates.money.tax_certificate import Paper
from aggregates.money.tax_certificate_fields import DOCUMENT_CODES
from readmodels.words.values import format_day
from services.papers.layout import laid_out


def certificate_paper(number: int, year: int, paper: Paper, *, deleted: bool) -> str:
    """The HTML of one paper of a certificate, as it was issued."""
    same = paper.card["same_person"] is True
    return laid_out(
        "tax_certificate.html", number=number, year=year, paper=paper, deleted=deleted, same=same, payer=_shown(paper.payer),
        patient=None if same else _shown(paper.patient), sums=(_money(paper.sums.code_1), _money(paper.sums.code_2)),
        day=format_day(paper.issued_on), pages=1 if same else 2, signer=str(paper.card["signer"]),
        authority=str(paper.card["signer_authority"]),
    )  # fmt: skip


def _shown(person: Mapping[str, str]) -> dict[str, str]:
    """A person with dates as people write them, and the document in words; a document is stated only without an ИНН."""
    shown = {**person, "birth_date": _day(person["birth_date"])}
    if person["inn"]:
        return {**shown, "document_kind": "", "document_number": "", "document_issued_on": "", "document": ""}
    shown["document_issued_on"] = _day(person["document_issued_on"])
    return {**shown, "document": DOCUMENT_CODES[person["document_kind"]]}


def _day(stored: str) -> str:
    return format_day(date.fromisoformat(stored))


def _money(amount: Decimal) -> tuple[str, str]:
    """Rubles and kopecks, as the form has them; nothing where nothing was paid."""
    rubles, kopecks = f"{amount:.2f}".split(".")
    return (rubles, kopecks) if amount else ("", "")
