"""Many windows at the same visits, while others take the same goods: stock stays what the documents say."""

import random
from contextlib import closing
from decimal import Decimal
from itertools import accumulate
from typing import Any
from uuid import UUID

import pytest

from aggregates.kernel import DomainError
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import MaterialLine
from aggregates.stock.shortage import GoodsMissing
from aggregates.stock.stock_documents import StockWriteOff
from commands.ports.clinic import Clinic
from commands.scheduling.visit import change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedGoods, RequestedLine
from commands.stock import document
from gateways.guards import stock as guard
from services.bootstrap import Denta
from tests.commands.racing import parallel
from tests.commands.reception import context
from tests.commands.test_visit_document import MAIN, Surgery

DEEDS = 12
WINDOWS = 8


@pytest.mark.spec("VIS-3", "STK-2")
@pytest.mark.thorough
def test_of_many_visits_that_need_the_last_piece_one_is_completed(nodes: list[Clinic]) -> None:
    surgery = Surgery(nodes[0])
    surgery.forbid()
    surgery.receive(surgery.capsule, "1")
    visits = [surgery.book(RequestedLine(surgery.checkup), hour=hour) for hour in range(11, 19)]
    for visit in visits:
        surgery.do(change_visit, visit, materials=[MaterialLine(surgery.capsule, Decimal(1))])
        surgery.do(change_status, visit, "in_progress")
    found = parallel(len(visits), lambda n: change_status(nodes[n % 3], context("change_status"), visits[n], "completed"))
    assert sum(isinstance(one, GoodsMissing) for one in found) == len(visits) - 1
    assert [nodes[1].load(Visit, visit).status for visit in visits].count("completed") == 1


class Window:
    """One person who clicks at random; what was acknowledged is remembered."""

    def __init__(self, clinic: Clinic, surgery: Surgery, visits: list[UUID], seed: int) -> None:
        self._clinic, self._surgery, self._visits = clinic, surgery, visits
        self._chance = random.Random(seed)
        self.posted: list[UUID] = []

    def click(self) -> None:
        chance, visit_id = self._chance, self._chance.choice(self._visits)
        deed = chance.choice(["complete", "complete", "reopen", "describe", "delete", "return", "take"])
        try:
            self._do(deed, visit_id)
        except DomainError:
            return

    def _do(self, deed: str, visit_id: UUID) -> None:
        surgery, ctx = self._surgery, context(deed)
        quantity = Decimal(self._chance.randint(1, 4))
        match deed:
            case "complete":
                change_status(self._clinic, ctx, visit_id, "completed")
            case "reopen":
                change_status(self._clinic, ctx, visit_id, "in_progress")
            case "describe":
                fields: dict[str, Any] = {"goods": [RequestedGoods(surgery.capsule, quantity)], "materials": []}
                change_visit(self._clinic, ctx, visit_id, **fields)
            case "delete":
                delete_visit(self._clinic, ctx, visit_id)
            case "return":
                return_visit(self._clinic, ctx, visit_id)
            case _:
                head = {"moment": "2026-11-24T23:00", "warehouse_id": MAIN}
                line = document.RequestedLine(goods_id=surgery.capsule, quantity=quantity)
                self.posted.append(document.create_document(self._clinic, ctx, StockWriteOff, head, [line], post=True).id)


@pytest.mark.spec("VIS-3", "STK-2", "STK-3")
@pytest.mark.thorough
def test_no_interleaving_of_windows_parts_stock_from_the_documents(database_url: str, nodes: list[Clinic]) -> None:
    surgery = Surgery(nodes[0])
    surgery.forbid()
    surgery.receive(surgery.capsule, "15")
    surgery.receive(surgery.gel, "50")
    visits = [surgery.visit, surgery.book(RequestedLine(surgery.filling), hour=12)]
    for visit in visits:
        surgery.do(change_status, visit, "in_progress")
    windows = [Window(nodes[number % 3], surgery, visits, number) for number in range(WINDOWS)]

    def sit(number: int) -> None:
        for _ in range(DEEDS):
            windows[number].click()

    assert parallel(WINDOWS, sit) == [None] * WINDOWS
    moved = [("2026-11-23T10:00", 15)]
    for visit in (nodes[1].load(Visit, visit_id) for visit_id in visits):
        assert (visit.consumption is not None) == (visit.status == "completed")
        if visit.consumes:
            lines = [one.quantity for one in visit.consumes.movements(visit.id) if one.goods_id == surgery.capsule]
            moved += [(visit.slot.ends_at.isoformat(), -quantity // 10_000) for quantity in lines]
    for id_ in (id_ for window in windows for id_ in window.posted):
        moved += [("2026-11-24T23:00", -int(line.quantity)) for line in nodes[1].load(StockWriteOff, id_).lines]
    balances = list(accumulate(change for _, change in sorted(moved)))
    assert all(balance >= 0 for balance in balances)
    with closing(Denta.open(database_url)) as denta:
        assert closing_stock(denta, surgery.capsule) == balances[-1]


def closing_stock(denta: Denta, goods_id: UUID) -> int:
    """What the guard has in the end, in whole pieces."""
    with denta.database.connection() as connection:
        query = f"SELECT closing / 10000 FROM guard_{guard.NAME}_days WHERE a = %s AND b = %s ORDER BY day DESC LIMIT 1"
        row = connection.execute(query.encode(), (goods_id, MAIN)).fetchone()
    assert row is not None
    return int(row[0])
