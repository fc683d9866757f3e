"""A cash register that prints fiscal receipts (FIN-5). It answers late: a receipt is handed over, then asked for."""

from typing import Literal, Protocol

import msgspec

from aggregates.money.fiscal_receipt import PrintedSigns
from aggregates.money.receipt import Receipt

Blame = Literal["receipt", "settings", "program"]
"""Who can mend it: what is in the receipt, the settings of the connection, or the program's makers."""


class NotPrinted(msgspec.Struct, frozen=True):
    """The register has given up: nothing was printed, and never will be under this id. `code`, `text`: its own."""

    code: int
    text: str


class Awaited(msgspec.Struct, frozen=True):
    """Not decided yet: it may be printed, so it must not be handed over under another id."""


Outcome = PrintedSigns | NotPrinted | Awaited


class ReceiptRefused(Exception):
    """The register didn't accept the receipt, and nothing will be printed; the same id may be used again."""

    def __init__(self, blame: Blame, code: int, text: str) -> None:
        super().__init__(blame, code, text)
        self.blame, self.code, self.text = blame, code, text

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class FiscalRegister(Protocol):
    def hand_over(self, receipt: Receipt, attempt_id: str) -> str:
        """The register's id of the receipt, by which `outcome` asks. With a known `attempt_id` nothing is printed again.

        ReceiptRefused; OutsideAway: it may have been accepted or not, and is to be repeated with the same id.
        """

    def outcome(self, id: str) -> Outcome:  # noqa: A002
        """ReceiptRefused (of an unknown id, or the settings), OutsideAway."""

    def close(self) -> None: ...
