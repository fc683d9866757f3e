"""Stock documents straight into a clinic's log, without commands, and random deeds with them: for the guards of the warehouse."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import DomainError
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_PLACES, GoodsIssue
from aggregates.stock.stock_lines import StockLine
from commands.context import Context
from commands.ports.clinic import Clinic
from gateways.guards.declaration import Guard
from services.bootstrap import Denta
from tests.aggregates.scenario import named

NOW = datetime(2026, 12, 20, 10, 0, tzinfo=UTC)
CTX = Context(now=NOW, command="test")
MAIN, ROOM, SUPPLIER = named("основной"), named("кабинет"), named("поставщик")
GLOVES, MASKS = named("перчатки"), named("маски")
WAREHOUSES, GOODS = (MAIN, ROOM), (GLOVES, MASKS)


def forbid(clinic: Clinic, *, forbids: bool = True) -> None:
    """«Запретить работу с товарами и материалами, которых нет на складе»."""
    try:
        rules = clinic.load(ClinicSettings, SETTINGS_ID)
    except DomainError:
        rules = ClinicSettings(SETTINGS_ID)
        rules.open({}, at=NOW)
    rules.change({"forbid_missing_goods": forbids}, at=NOW)
    clinic.save(rules, ctx=CTX)


def on(day: int, clock: str = "12:00") -> str:
    return f"2026-12-{day:02}T{clock}"


def line(goods: UUID, quantity: str) -> StockLine:
    return StockLine(goods_id=goods, quantity=Decimal(quantity), price=Decimal(10))


def head(kind: type[StockDocument], moment: str, warehouse: UUID = MAIN, origin: UUID | None = None) -> dict[str, Any]:
    possible = {
        "moment": moment,
        "warehouse_id": warehouse,
        "counterparty_id": SUPPLIER,
        "to_warehouse_id": ROOM if warehouse == MAIN else MAIN,
        "origin_id": origin,
    }
    return {name: value for name, value in possible.items() if name in kind.FIELDS}


def post(
    clinic: Clinic,
    kind: type[StockDocument],
    moment: str,
    *lines: StockLine,
    warehouse: UUID = MAIN,
    origin: UUID | None = None,
    document_id: UUID | None = None,
) -> UUID:
    document = kind(document_id or uuid4())
    document.create(1, head(kind, moment, warehouse, origin), lines, at=NOW)
    document.post(clinic.numbers.next(STOCK_PLACES), at=NOW)
    clinic.save(document, ctx=CTX)
    return document.id


def change(clinic: Clinic, kind: type[StockDocument], id_: UUID, decide: Callable[[Any], None]) -> None:
    document = clinic.load(kind, id_)
    decide(document)
    clinic.save(document, ctx=CTX)


Deed = tuple[str, int, int, str, list[tuple[int, str]]]
"""Its name, which document or kind, which warehouse, the moment, goods and quantities."""
_days = st.sampled_from([on(day, clock) for day in (1, 2, 3, 4) for clock in ("09:00", "12:00", "18:00")])
_lines = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["1", "2", "3", "7"])), min_size=1, max_size=3)


def stories(*further: str) -> st.SearchStrategy[list[Deed]]:
    """`further`: deeds beside those with documents."""
    names = st.sampled_from([*["post"] * 5, "unpost", "repost", "delete", "return", "change", *further])
    return st.lists(st.tuples(names, st.integers(0, 9), st.integers(0, 1), _days, _lines), min_size=3, max_size=25)


class Player:
    """Does deeds in one clinic with documents of these kinds; two players make the same ids."""

    def __init__(self, clinic: Clinic, kinds: Sequence[type[StockDocument]]) -> None:
        self.clinic, self.kinds = clinic, kinds
        self.made: list[tuple[type[StockDocument], UUID]] = []

    def do(self, deed: Deed, number: int) -> tuple[str, Mapping[str, Any]]:
        """«done», or the refusal's code and facts."""
        try:
            self._do(deed, number)
        except DomainError as refusal:
            return refusal.code, refusal.facts
        return "done", {}

    def _do(self, deed: Deed, number: int) -> None:
        name, which, warehouse, moment, written = deed
        lines = [line(GOODS[goods], quantity) for goods, quantity in written]
        if name == "rule":
            forbid(self.clinic, forbids=which > 2)
        elif name == "post":
            kind, id_ = self.kinds[which % len(self.kinds)], named(f"document {number}")
            document = kind(id_)
            document.create(number, head(kind, moment, WAREHOUSES[warehouse], self._issue(which)), lines, at=NOW)
            document.post(number + 1, at=NOW)
            self.clinic.save(document, ctx=CTX)
            self.made.append((kind, id_))
        elif self.made:
            kind, id_ = self.made[which % len(self.made)]
            document = self.clinic.load(kind, id_)
            if name == "change":
                fields = {"moment": moment, "origin_id": self._issue(which)}
                asked = {field: value for field, value in fields.items() if field in kind.FIELDS}
                document.change(asked, lines if warehouse else None, at=NOW)
            elif name == "repost":
                document.post(0, at=NOW)
            else:
                getattr(document, "return_" if name == "return" else name)(at=NOW)
            self.clinic.save(document, ctx=CTX)

    def _issue(self, which: int) -> UUID:
        """What a return is of; an unknown document before there is an issue."""
        issues = [id_ for kind, id_ in self.made if kind is GoodsIssue]
        return issues[which // 2 % len(issues)] if issues else named("неизвестная накладная")


def derived_rows(denta: Denta, guard: Guard) -> list[list[tuple[Any, ...]]]:
    """Of each derived table: entries, then balances by day."""
    with denta.database.connection() as connection:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY {table}".encode()).fetchall() for table in guard.tables[1:]]
