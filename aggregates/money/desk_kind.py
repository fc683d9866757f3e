"""The kind of a cash desk: money in a drawer, on its way from the acquirer, or in the bank (FIN-1).

A desk of cash can't be below zero (`gateways/guards/cash.py`); the others may. The kind stays once the desk has a document,
even a deleted one, which could come back: found on save by `gateways/guards/cash_desk.py`.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from aggregates.fields import CHOICE, Field
from aggregates.kernel import DomainError

DeskKind = Literal["cash", "terminal", "bank"]
DESK_KINDS: Mapping[DeskKind, str] = {"cash": "Наличные", "terminal": "Терминал", "bank": "Расчётный счёт"}
DESK_KIND = Field(name="kind", label="Вид", kind=CHOICE, choices=DESK_KINDS, initial="cash")


class DeskHasDocuments(DomainError):
    """The kind of a desk with documents is to be changed. Facts: `field`, `desk_id`."""

    code: ClassVar[str] = "desk_has_documents"

    @property
    def sentence(self) -> str:
        return "По этой кассе уже есть документы, поэтому её вид не меняется. Создайте другую кассу."


class NotCash(DomainError):
    """An order of cash is asked for of money that isn't cash."""

    code: ClassVar[str] = "not_cash"

    @property
    def sentence(self) -> str:
        return "Кассовый ордер печатают только для наличных. Эти деньги прошли не через кассу наличных."
