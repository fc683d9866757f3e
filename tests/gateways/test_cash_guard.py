"""No story of documents leaves cash below zero: in PostgreSQL and in the fake alike (FIN-1)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregates.kernel import DomainError
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS
from commands.money import money_document as commands
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.till import DRAWER, Till, on
from tests.depth import examples

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["create", "create", "create", "change", "delete", "return"]),
        st.sampled_from(MONEY_DOCUMENTS),
        st.integers(1, 4),
        st.integers(1, 5),
        st.integers(0, 20),
    ),
    max_size=25,
)


@pytest.mark.spec("FIN-1")
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=DEEDS)
def test_no_story_leaves_cash_below_zero_and_both_adapters_decide_alike(emptied: Callable[[], Denta], story: Any) -> None:
    outcomes = []
    for clinic in (MemoryClinic(), emptied().clinic):
        till, made, codes = Till(clinic), list[tuple[type[MoneyDocument], UUID]](), []
        desks = (DRAWER, till.safe)
        for deed, kind, day, amount, which in story:
            desk, to = (desks[which % 2], desks[1 - which % 2])
            try:
                if deed == "create":
                    made.append((kind, till.create(kind, on(day), str(amount), desk, to=to)))
                elif made:
                    of, id_ = made[which % len(made)]
                    args = [{"moment": on(day)}, till.lines(of, str(amount)) or None] if deed == "change" else []
                    till.do(getattr(commands, f"{deed}_money_document"), of, id_, *args)
                codes.append("")
            except DomainError as refusal:
                codes.append(refusal.code)
        outcomes.append(codes)
        documents = [clinic.load(kind, id_) for kind, id_ in made]
        for desk in desks:
            balance = 0
            moved = sorted(
                (one.moment, move.rank, one.place, move.kopecks)
                for one in documents
                if not one.deleted
                for move in one.moves
                if move.desk_id == desk
            )
            for *_, kopecks in moved:
                balance += kopecks
                assert balance >= 0
            with clinic.write_lock():
                assert clinic.cash_ledger.turnover(desk, date(2026, 12, 1)).opening == Decimal(balance) / 100
    assert outcomes[0] == outcomes[1]
