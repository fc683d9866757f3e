"""A program that is killed in the middle: a visit, its goods, its money and its receipts are there together or not at all."""

import json
import random
import signal
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest

from aggregates.kernel import Aggregate, DomainError
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from commands.clinic.clinic_settings import change_settings
from commands.money import payment as commands
from commands.ports.clinic import Clinic
from commands.scheduling.visit import change_status, change_visit
from commands.scheduling.visit_lines import RequestedGoods, RequestedLine
from services.bootstrap import Denta
from tests.commands.paying import CASH, cash, moment
from tests.commands.printing import net
from tests.commands.reception import context
from tests.commands.test_visit_document import Surgery
from tests.commands.test_visit_races import closing_stock

ROOT = Path(__file__).parent.parent.parent
WORKER = """
import json, sys
from tests.commands.test_visit_crash import work
work(*json.loads(sys.argv[1]))
"""
RECEIVED = 10_000
ACKNOWLEDGED = 20
"""Deeds that a process has told of when it is killed."""
KILLED = 3
A = TypeVar("A", bound=Aggregate)


def work(database_url: str, patient: str, capsule: str, visits: list[str], seed: int) -> None:
    """Complete, pay, return and reopen without end; each deed that was acknowledged is told of in a line."""
    chance, denta = random.Random(seed), Denta.open(database_url)
    clinic, paid = denta.clinic, list[UUID]()
    for number in count():
        visit_id, total, ctx = UUID(chance.choice(visits)), Decimal(chance.randint(1, 300)), context("work")
        quantity = Decimal(chance.randint(1, 5))
        try:
            match chance.choice(("complete", "complete", "reopen", "describe", "pay", "pay", "refund", "release")):
                case "complete":
                    done = change_status(clinic, ctx, visit_id, "completed")
                case "reopen":
                    done = change_status(clinic, ctx, visit_id, "in_progress")
                case "describe":
                    done = change_visit(clinic, ctx, visit_id, goods=[RequestedGoods(UUID(capsule), quantity)])
                case "pay":
                    done = commands.pay(clinic, ctx, UUID(patient), moment(25), [cash(str(total))], visits={visit_id: total})
                    paid += [UUID(one["id"]) for one in done.facts["payments"]]
                case "refund" if paid:
                    done = commands.refund(clinic, ctx, chance.choice(paid), moment(26), total, desk_id=CASH, reason="Передумал")
                case _:
                    done = commands.release_visit(clinic, ctx, visit_id, moment(25))
        except DomainError:
            continue
        sys.stdout.write(f"{json.dumps([number, done.position])}\n")
        sys.stdout.flush()


def killed(arguments: list[object]) -> int:
    """The last position that a process has told of before it was killed."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, json.dumps(arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [json.loads(process.stdout.readline()) for _ in range(ACKNOWLEDGED)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    acknowledged += [json.loads(line) for line in rest.splitlines() if line.endswith("]")]
    return int(acknowledged[-1][1])


@pytest.mark.spec("VIS-3", "FIN-1", "FIN-7")
@pytest.mark.thorough
def test_a_killed_program_leaves_no_half_of_a_visit_or_of_its_money(database_url: str, nodes: list[Clinic]) -> None:
    surgery = Surgery(nodes[0])
    surgery.do(change_settings, {"fiscal_receipts": True})
    surgery.receive(surgery.capsule, str(RECEIVED))
    visits = [surgery.visit, *(surgery.book(RequestedLine(surgery.checkup), hour=hour) for hour in (12, 13))]
    for visit_id in visits:
        surgery.do(change_status, visit_id, "in_progress")
    arguments = [database_url, str(surgery.reception.patient), str(surgery.capsule), [str(one) for one in visits]]
    position = max(killed([*arguments, seed]) for seed in range(KILLED))

    with closing(Denta.open(database_url)) as denta:
        assert _last_position(denta) >= position
        _everything_agrees(denta, surgery, visits)


def _last_position(denta: Denta) -> int:
    with denta.database.connection() as connection:
        row = connection.execute("SELECT max(position) FROM events").fetchone()
    assert row is not None
    return int(row[0])


def _everything_agrees(denta: Denta, surgery: Surgery, visits: list[UUID]) -> None:
    """Stock, cash and receipts against the visits and the documents of money."""
    clinic = denta.clinic
    done = [clinic.load(Visit, visit_id) for visit_id in visits]
    assert all((visit.consumption is not None) == (visit.status == "completed") for visit in done)
    moved = sum(
        movement.change
        for visit in done
        if visit.consumes
        for movement in visit.consumes.movements(visit.id)
        if movement.goods_id == surgery.capsule
    )
    assert closing_stock(denta, surgery.capsule) == RECEIVED + moved // 10_000

    payments, refunds = _made(denta, Payment), _made(denta, Refund)
    assert payments
    with clinic.write_lock():
        in_desk = clinic.cash_ledger.turnover(CASH, moment(31, month=12).date()).closing
        paid_for = {visit.id: sum(clinic.payments.of_visit(visit.id).values(), Decimal(0)) for visit in done}
    came = sum((one.sum for one in payments), Decimal(0)) - sum((one.sum for one in refunds), Decimal(0))
    assert in_desk == came
    for visit in done:
        allocated = sum((one.allocated.get(visit.id, Decimal(0)) for one in payments), Decimal(0))
        assert allocated == paid_for[visit.id] <= visit.total
    assert net(one.receipt for one in _made(denta, FiscalReceipt))["cash"] == came


def _made(denta: Denta, kind: type[A]) -> list[A]:
    with denta.database.connection() as connection:
        query = "SELECT DISTINCT originator_id FROM events WHERE topic LIKE %s"
        found = connection.execute(query, (f"{kind.TOPIC}.%",)).fetchall()
    return [denta.clinic.load(kind, row[0]) for row in found]
