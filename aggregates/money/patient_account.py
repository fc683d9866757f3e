"""Refusals of payments for visits. What a patient owes and has paid is derived (`readmodels/money/patient_accounts.py`):

charged    what completed visits come to
paid       payments less refunds
allocated  what of the payments pays for visits
debt       what isn't paid of completed visits
prepayment  what of the payments pays for nothing yet; a patient can have both
"""

from decimal import Decimal
from typing import ClassVar

from aggregates.kernel import DomainError


def _rubles(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


class VisitOverpaid(DomainError):
    """More is paid for a visit, or a sale, than is due. Facts: `visit_id` (or the sale's), `number`, `due` (rubles), `kind`."""

    code: ClassVar[str] = "visit_overpaid"

    @property
    def sentence(self) -> str:
        what = "визит" if self.facts.get("kind", "visit") == "visit" else "продажу по накладной"
        return f"За {what} № {self.facts['number']} осталось заплатить {_rubles(self.facts['due'])} ₽. Укажите не больше."


class VisitOfAnotherPatient(DomainError):
    """Facts: `visit_id`, `number`, `kind`."""

    code: ClassVar[str] = "visit_of_another_patient"

    @property
    def sentence(self) -> str:
        if self.facts.get("kind") == "sale":
            return f"Продажа по накладной № {self.facts['number']} – другого пациента. Выберите его продажу."
        return f"Визит № {self.facts['number']} – другого пациента. Выберите его визит."


class PaidTooMuch(DomainError):
    """More is paid than visits take, and it isn't to be kept as prepayment. Facts: `rest` (rubles)."""

    code: ClassVar[str] = "paid_too_much"

    @property
    def sentence(self) -> str:
        return f"Это на {_rubles(self.facts['rest'])} ₽ больше, чем нужно. Уменьшите сумму или оставьте остаток авансом."


class PaidTooLittle(DomainError):
    """Less is paid than is to be allocated to visits. Facts: `missing` (rubles)."""

    code: ClassVar[str] = "paid_too_little"

    @property
    def sentence(self) -> str:
        return f"Не хватает {_rubles(self.facts['missing'])} ₽. Увеличьте оплату или уменьшите сумму по визиту."


class VisitPaid(DomainError):
    """A visit that is paid for would be deleted, cancelled, given to another patient or cost less than was paid.

    Facts: `visit_id`, `number`, `paid` (rubles).
    """

    code: ClassVar[str] = "visit_paid"

    @property
    def sentence(self) -> str:
        return (
            f"За визит № {self.facts['number']} заплачено {_rubles(self.facts['paid'])} ₽. Сначала оставьте эти деньги авансом "
            "или верните их."
        )
