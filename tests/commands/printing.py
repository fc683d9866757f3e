"""A clinic that prints receipts, and what its receipts come to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from aggregates.catalogues import GoodsCategory, Unit, Warehouse
from aggregates.money.fiscal_receipt import FiscalReceipt, PrintedSigns
from aggregates.money.receipt import Receipt
from aggregates.scheduling.visit_status import Status
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.money.fiscal_receipt import note_failed, note_handed_over
from commands.scheduling.visit import change_status
from gateways.event_store_memory import MemoryClinic, MemoryLog
from tests.commands.paying import Payments, moment

SIGNS = PrintedSigns(
    register_number="1", storage_number="2", document_number=3, sign="4", shift_number=5, number_in_shift=6, printed_at=moment(10)
)


class Printing(Payments):
    """A clinic that prints receipts, and the receipts that are new since the last look; each is paid by what it comes to."""

    def __init__(self) -> None:
        super().__init__(MemoryClinic())
        self.do(change_settings, {"fiscal_receipts": True, "goods_vat": "vat22", "past_documents": True})
        self.category = str(self.do(create_entry, GoodsCategory, {"name": "Гигиена"}).id)
        self.unit = str(self.do(create_entry, Unit, {"name": "штуки"}).id)
        self.do(change_settings, {"write_off_warehouse": str(self.do(create_entry, Warehouse, {"name": "Второй склад"}).id)})
        self._seen = set(self._ids())

    def _ids(self) -> Iterator[UUID]:
        log: MemoryLog = self.clinic.log  # type: ignore[attr-defined]  # the one in memory
        yield from (id_ for id_, stream in log.streams.items() if isinstance(stream[0].event, FiscalReceipt.Requested))

    def new(self) -> list[FiscalReceipt]:
        ids = [id_ for id_ in self._ids() if id_ not in self._seen]
        self._seen |= set(ids)
        found = [self.clinic.load(FiscalReceipt, id_) for id_ in ids]
        for one in found:
            assert one.receipt.total == sum(part.sum for part in one.receipt.paid)
            assert all(part.sum > 0 for part in (*one.receipt.paid, *one.receipt.positions))
        return found

    def one(self) -> Receipt:
        (receipt,) = self.new()
        return receipt.receipt

    def every(self) -> list[Receipt]:
        """Those that weren't given up."""
        return [one.receipt for one in self.receipts() if one.state != "given_up"]

    def receipts(self) -> list[FiscalReceipt]:
        return [self.clinic.load(FiscalReceipt, id_) for id_ in self._ids()]

    def fail(self, receipt_id: UUID) -> None:
        """As the register does at the first attempt."""
        self.do(note_handed_over, receipt_id, 1, "в кассе")
        self.do(note_failed, receipt_id, 1, 1, "Нет бумаги")

    def again(self, visit_id: UUID, *statuses: Status) -> None:
        for status in statuses or ("in_progress", "completed"):
            self.do(change_status, visit_id, status)


def paid(receipt: Receipt) -> Mapping[str, Decimal]:
    return {part.means: part.sum for part in receipt.paid}


def shown(receipt: Receipt) -> list[tuple[str, str, str]]:
    """Sums with method and subject."""
    return [(f"{one.sum:f}", one.method, one.subject) for one in receipt.positions]


def net(receipts: Iterable[Receipt]) -> dict[str, Decimal]:
    """Means of payment, «sold» and other methods of positions → what all receipts come to."""
    found: Counter[str] = Counter()
    for receipt in receipts:
        sign = 1 if receipt.operation == "sell" else -1
        for part in receipt.paid:
            found[part.means] += sign * part.sum  # type: ignore[assignment]  # sums are decimal
        for position in receipt.positions:
            sold = "sold" if position.method in {"full_payment", "partial_payment", "credit"} else position.method
            found[sold] += sign * position.sum  # type: ignore[assignment]
    return {name: Decimal(amount) for name, amount in found.items() if amount}
