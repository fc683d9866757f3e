"""The demonstration's stock documents: what the clinic had, bought, moved, used up, sold, took back and counted."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from aggregates.catalogues import Counterparty, Goods, Warehouse, first_entry_id
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import (
    CustomerReturn,
    GoodsIssue,
    OpeningStock,
    StockCount,
    StockReceipt,
    StockTransfer,
    StockWriteOff,
    SupplierReturn,
)
from aggregates.stock.stock_lines import StockUnit
from commands.stock import document
from commands.stock.document import RequestedLine
from services.demo.catalogues import Catalogues
from services.demo.timeline import OPENED_DAYS_AGO, Timeline

_COMPOSITE = "Композит светоотверждаемый, шприц"
_ADHESIVE = "Адгезив универсальный, 5 мл"
_ANAESTHETIC = "Анестетик артикаиновый, карпула"
_NEEDLE = "Игла карпульная"
_GLOVES = "Перчатки нитриловые, упаковка"
_MASKS = "Маски трёхслойные, упаковка"
_IMPLANT = "Имплантат титановый"
_BRUSH = "Щётка ортодонтическая"
_PASTE = "Паста профессиональная, 100 мл"
_MAIN, _SURGERY, _SUPPLIER = "Основной склад", "Склад хирургии", "ООО «Стомснаб»"


class _Line(NamedTuple):
    """`price`: rubles for one unit; "" without one. `expires`: days from today."""

    goods: str
    quantity: str
    price: str = ""
    unit: StockUnit = "sale"
    batch: str = ""
    expires: int | None = None


class _Planned(NamedTuple):
    """A document: its kind, how many days from today it is of, and its head beside warehouse and moment.

    `origin`: the issue whose goods come back.
    """

    kind: type[StockDocument]
    day: int
    lines: tuple[_Line, ...]
    warehouse: str = _MAIN
    head: Mapping[str, str] = MappingProxyType({})
    post: bool = True
    origin: "_Planned | None" = None


def _planned() -> Iterator[_Planned]:
    first = (
        _Line(_COMPOSITE, "12", "2100.00"),
        _Line(_ADHESIVE, "2", "4300.00"),
        _Line(_GLOVES, "20", "790.00"),
        _Line(_NEEDLE, "700", "9.80"),
        _Line(_ANAESTHETIC, "150", "70.00"),
        _Line(_IMPLANT, "12", "9800.00"),
        _Line(_BRUSH, "60", "255.00"),
        _Line(_PASTE, "130", "480.00"),
    )
    yield _Planned(OpeningStock, -OPENED_DAYS_AGO, first)
    yield _Planned(StockTransfer, -66, (_Line(_IMPLANT, "10"), _Line(_ANAESTHETIC, "60")), head={"to_warehouse_id": _SURGERY})
    days = (-60, -39, -18)
    sold = [_Planned(GoodsIssue, day + 15, (_Line(_BRUSH, str(3 + number), "450.00"),)) for number, day in enumerate(days)]
    for number, day in enumerate(days):
        bought = (
            _Line(_ANAESTHETIC, "250", f"{72 + 3 * number}.00", batch=f"АР-{410 + number}", expires=day + 540),
            _Line(_ADHESIVE, "4", f"{4300 + 120 * number}.00", batch=f"У{7 + number}", expires=day + 57),
            _Line(_GLOVES, "10", f"{810 + 20 * number}.00"),
            _Line(_MASKS, "12", "270.00"),
            _Line(_IMPLANT, "20", f"{9900 + 350 * number}.00"),
            _Line(_BRUSH, "15", "260.00"),
        )
        head = {"counterparty_id": _SUPPLIER, "suppliers_number": f"СТ-{1204 + 31 * number}"}
        yield _Planned(StockReceipt, day, bought, head=head)
        moved = (_Line(_IMPLANT, "18"), _Line(_ANAESTHETIC, "90"), _Line(_NEEDLE, "60"))
        yield _Planned(StockTransfer, day + 1, moved, head={"to_warehouse_id": _SURGERY})
        used = (_Line(_GLOVES, "350", unit="write_off"), _Line(_MASKS, "160", unit="write_off"), _Line(_ADHESIVE, "1"))
        yield _Planned(StockWriteOff, day + 14, used, head={"reason": "Расход за две недели"})
        yield sold[number]
    torn = {"counterparty_id": _SUPPLIER, "comment": "Порваны упаковки."}
    yield _Planned(SupplierReturn, -17, (_Line(_MASKS, "2", "270.00"),), head=torn)
    yield _Planned(StockWriteOff, -9, (_Line(_ANAESTHETIC, "5"),), warehouse=_SURGERY, head={"reason": "Разбиты карпулы"})
    unused = {"comment": "Щётка не подошла, упаковка цела."}
    yield _Planned(CustomerReturn, -2, (_Line(_BRUSH, "1", "450.00"),), head=unused, origin=sold[-1])
    yield _Planned(StockCount, -2, (_Line(_GLOVES, "3940", unit="write_off"), _Line(_MASKS, "1225", unit="write_off")))
    yield _Planned(StockReceipt, -1, (_Line(_COMPOSITE, "6", "2240.00"),), head={"counterparty_id": _SUPPLIER}, post=False)


class StockDocuments:
    """Plans the documents, each entered on its own day."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues) -> None:
        self._timeline, self._catalogues = timeline, catalogues
        self._planned = list(_planned())

    @property
    def receipts(self) -> list[UUID]:
        """The receipts from the supplier, in order."""
        return [self._id(number) for number, planned in enumerate(self._planned) if planned.kind is StockReceipt]

    def plan(self) -> None:
        for number, planned in enumerate(self._planned):
            local = self._timeline.wall_clock(planned.day, f"13:{number:02}")
            self._timeline.at(local, partial(self._create, planned, number, local))

    def _create(self, planned: _Planned, number: int, local: datetime, moment: datetime) -> None:
        ids = {"counterparty_id": self._supplier, "to_warehouse_id": self._warehouse}
        head: dict[str, Any] = {name: ids[name](value) if name in ids else value for name, value in planned.head.items()}
        if planned.origin is not None:
            head["origin_id"] = self._id(self._planned.index(planned.origin))
        document.create_document(
            self._timeline.clinic,
            self._timeline.by_manager(moment, "create_document"),
            planned.kind,
            {"moment": local, "warehouse_id": self._warehouse(planned.warehouse), **head},
            [self._line(line) for line in planned.lines],
            post=planned.post,
            document_id=self._id(number),
        )

    def _id(self, number: int) -> UUID:
        return self._timeline.id("stock document", number)

    def _line(self, line: _Line) -> RequestedLine:
        return RequestedLine(
            goods_id=self._catalogues.id(Goods, line.goods),
            quantity=Decimal(line.quantity),
            unit=line.unit,
            price=Decimal(line.price) if line.price else None,
            batch=line.batch,
            expires_on=None if line.expires is None else self._timeline.wall_clock(line.expires, "00:00").date(),
        )

    def _supplier(self, name: str) -> UUID:
        return self._catalogues.id(Counterparty, name)

    def _warehouse(self, name: str) -> UUID:
        return first_entry_id(Warehouse, name) if name == _MAIN else self._catalogues.id(Warehouse, name)
