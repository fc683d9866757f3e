"""Accruals and payouts of pay by their commands, with either adapter; posted by several nodes at once."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from aggregates.clinic.clinic_settings import PeriodClosed
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo
from aggregates.payroll.pay_accrual import (
    Calculation,
    CalculationChanged,
    CalculationOutdated,
    NothingToAccrue,
    PayAccrual,
    PayAccrualPosted,
)
from aggregates.payroll.pay_lines import ExtraLine, PayLine
from aggregates.payroll.pay_scheme import PayScheme, PaySchemeExists
from aggregates.payroll.pay_terms import PayRate, PayStep
from aggregates.values import WrongValue
from aggregates.warnings import NeedsConfirmation
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import create_service
from commands.context import Context, Receipt
from commands.money import money_document as money_commands
from commands.payroll import pay_accrual as commands
from commands.payroll import pay_scheme as schemes
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from tests.commands.racing import parallel
from tests.commands.reception import context
from tests.commands.till import DRAWER, Till, on

pytestmark = pytest.mark.spec("FIN-2")


class Payroll(Till):
    def __init__(self, clinic: Clinic) -> None:
        super().__init__(clinic)
        self.anna = self.reception.anna
        self.create(MoneyIncome, on(1), "100000")

    def card(self, **more: Any) -> dict[str, Any]:
        return {"date": "2026-11-30", "employee_id": str(self.anna), "first": "2026-11-01", "last": "2026-11-30", **more}

    def accrue(self, total: str = "1000", beside: Collection[UUID] = (), **more: Any) -> UUID:
        """A posted accrual."""
        return self.do(commands.create_pay_accrual, self.card(), (), calculated(total, beside), **more).id

    def pay(self, accrual_id: UUID, amount: str, accepted: Collection[str] = (), **head: Any) -> UUID:
        ctx = context("create_money_document")
        card = {"moment": on(30), "desk_id": DRAWER, "employee_id": str(self.anna), "accrual_id": str(accrual_id), **head}
        lines = self.lines(MoneyOutgo, amount)
        answer = money_commands.create_money_document(self.clinic, asking(ctx, accepted), MoneyOutgo, card, lines)
        return answer.id

    def accrual(self, id_: UUID) -> PayAccrual:
        return self.clinic.load(PayAccrual, id_)

    def in_effect(self) -> frozenset[UUID]:
        return self.clinic.pay_accounts.in_effect(self.anna)


def asking(ctx: Context, accepted: Collection[str] = ()) -> Context:
    return replace(ctx, accepted=frozenset(accepted))


def calculated(total: str = "1000", beside: Collection[UUID] = ()) -> Calculation:
    line = PayLine(key=f"2026-11/service/{total}", part="service", day=date(2026, 11, 5), sum=Decimal(total))
    return Calculation((line,), frozenset(beside))


@pytest.fixture(params=["memory", "postgresql"])
def payroll(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Payroll:
    return Payroll(MemoryClinic() if request.param == "memory" else nodes[0])


def excess(refused: pytest.ExceptionInfo[NeedsConfirmation]) -> tuple[Decimal, str]:
    (warning,) = refused.value.facts["warnings"]
    return warning["excess"], warning["key"]


def test_posting_freezes_the_lines_and_nothing_changes_them(payroll: Payroll) -> None:
    id_ = payroll.accrue("1500.50")
    assert payroll.accrual(id_).total == Decimal("1500.50")
    for command, *args in (
        (commands.change_pay_accrual, {"comment": "позже"}),
        (commands.post_pay_accrual, calculated("1")),
    ):
        with pytest.raises(PayAccrualPosted):
            payroll.do(command, id_, *args)
    assert payroll.in_effect() == {id_}


def test_lines_by_hand_add_and_take(payroll: Payroll) -> None:
    extras = [
        ExtraLine("bonus", Decimal(500), "за ноябрь"),
        ExtraLine("fine", Decimal(200)),
        ExtraLine("advance_back", Decimal(50)),
    ]
    id_ = payroll.do(commands.create_pay_accrual, payroll.card(), extras).id
    assert (payroll.accrual(id_).total, payroll.in_effect()) == (Decimal(250), frozenset())
    payroll.do(commands.post_pay_accrual, id_, Calculation((), frozenset()), seen=Decimal(250))
    assert payroll.in_effect() == {id_}
    with pytest.raises(WrongValue) as refused:
        payroll.do(commands.create_pay_accrual, payroll.card(), [ExtraLine("bonus", Decimal(0))])
    assert refused.value.facts["field"] == "extras.0.sum"


def test_what_a_person_did_not_see_is_not_posted(payroll: Payroll) -> None:
    draft = payroll.do(commands.create_pay_accrual, payroll.card()).id
    with pytest.raises(CalculationChanged):
        payroll.do(commands.post_pay_accrual, draft, calculated("999"), seen=Decimal(1000))
    with pytest.raises(NothingToAccrue):
        payroll.do(commands.post_pay_accrual, draft, Calculation((), frozenset()))
    assert payroll.in_effect() == frozenset()


def test_a_calculation_counts_beside_the_accruals_it_knew(payroll: Payroll) -> None:
    first = payroll.accrue()
    with pytest.raises(CalculationOutdated):
        payroll.accrue()
    second = payroll.accrue("5", [first])
    assert payroll.in_effect() == {first, second}
    payroll.do(commands.unpost_pay_accrual, first)
    assert payroll.accrual(first).lines == ()
    with pytest.raises(CalculationOutdated):
        payroll.do(commands.post_pay_accrual, first, calculated("1000", [first, second]))
    payroll.do(commands.post_pay_accrual, first, calculated("1000", [second]))


def test_a_returned_accrual_is_in_effect_unless_others_have_what_it_had(payroll: Payroll) -> None:
    first = payroll.accrue()
    payroll.do(commands.delete_pay_accrual, first)
    assert payroll.in_effect() == frozenset()
    payroll.do(commands.return_pay_accrual, first)
    assert payroll.in_effect() == {first}
    assert payroll.accrual(first).total == Decimal(1000)
    payroll.do(commands.delete_pay_accrual, first)
    second = payroll.accrue()
    payroll.do(commands.return_pay_accrual, first)
    assert payroll.in_effect() == {second}, "what it had is accrued by another one"
    assert (payroll.accrual(first).posted, payroll.accrual(first).lines) == (False, ())


@pytest.mark.spec("DEL-2")
def test_a_returned_accrual_knows_that_another_one_was_posted_again_meanwhile(payroll: Payroll) -> None:
    first = payroll.accrue()
    second = payroll.accrue("5", [first])
    payroll.do(commands.delete_pay_accrual, first)
    payroll.do(commands.unpost_pay_accrual, second)
    payroll.do(commands.post_pay_accrual, second, calculated("1005"))
    payroll.do(commands.return_pay_accrual, first)
    assert not payroll.accrual(first).posted, "the other one has what it had"
    assert payroll.accrual(second).effective


def test_a_calculation_is_outdated_by_another_posting_of_the_same_accrual(payroll: Payroll) -> None:
    first = payroll.accrue("5")
    known = payroll.in_effect()
    payroll.do(commands.unpost_pay_accrual, first)
    payroll.do(commands.post_pay_accrual, first, calculated("1005"))
    with pytest.raises(CalculationOutdated):
        payroll.accrue("1000", known)
    payroll.accrue("7", payroll.in_effect())


def test_closed_days_hold(payroll: Payroll) -> None:
    id_ = payroll.accrue()
    draft = payroll.do(commands.create_pay_accrual, payroll.card(date="2026-12-05")).id
    payroll.do(change_settings, {"past_documents": False, "closed_before": "2026-12-01"})
    for command, *args in (
        (commands.create_pay_accrual, payroll.card()),
        (commands.unpost_pay_accrual, id_),
        (commands.delete_pay_accrual, id_),
        (commands.change_pay_accrual, draft, {"date": "2026-11-20"}),
    ):
        with pytest.raises(PeriodClosed):
            payroll.do(command, *args)
    payroll.do(commands.change_pay_accrual, draft, {"comment": "открыто"})


def test_paying_above_what_is_owed_is_asked_first(payroll: Payroll) -> None:
    id_ = payroll.accrue()
    payroll.pay(id_, "400")
    with pytest.raises(NeedsConfirmation) as refused:
        payroll.pay(id_, "700")
    amount, key = excess(refused)
    assert amount == Decimal("100.00")
    assert "на 100,00\u00a0₽" in refused.value.sentence
    paid = payroll.pay(id_, "700", [key])
    outgo = payroll.clinic.load(MoneyOutgo, paid)
    with pytest.raises(NeedsConfirmation) as refused:
        change(payroll, outgo, "800")
    assert excess(refused)[0] == Decimal("200.00")
    change(payroll, outgo, "600")


def change(payroll: Payroll, outgo: MoneyDocument, amount: str, accepted: Collection[str] = ()) -> Receipt:
    ctx, lines = asking(context("change_money_document"), accepted), payroll.lines(MoneyOutgo, amount)
    return money_commands.change_money_document(payroll.clinic, ctx, MoneyOutgo, outgo.id, {}, lines)


@pytest.mark.parametrize("command", [commands.unpost_pay_accrual, commands.delete_pay_accrual])
def test_taking_a_paid_accrual_back_is_asked_first(payroll: Payroll, command: Any) -> None:
    id_ = payroll.accrue()
    payroll.pay(id_, "400")
    ctx = context("taking_back")
    with pytest.raises(NeedsConfirmation) as refused:
        command(payroll.clinic, asking(ctx), id_)
    amount, key = excess(refused)
    assert amount == Decimal("400.00")
    command(payroll.clinic, asking(context("taking_back"), [key]), id_)
    assert payroll.in_effect() == frozenset()


@pytest.mark.spec("DEL-2")
def test_a_deleted_payout_is_owed_again_and_asked_about_on_its_return(payroll: Payroll) -> None:
    id_ = payroll.accrue()
    paid = payroll.pay(id_, "1000")
    payroll.do(money_commands.delete_money_document, MoneyOutgo, paid)
    payroll.pay(id_, "1000")
    ctx = asking(context("return_money_document"), ())
    with pytest.raises(NeedsConfirmation):
        money_commands.return_money_document(payroll.clinic, ctx, MoneyOutgo, paid)


def test_an_outgo_pays_a_posted_accrual_of_its_receiver(payroll: Payroll) -> None:
    id_ = payroll.accrue()
    draft = payroll.do(commands.create_pay_accrual, payroll.card()).id
    for head, field in (
        ({"accrual_id": str(draft)}, "accrual_id"),
        ({"employee_id": str(payroll.reception.boris)}, "accrual_id"),
        ({"employee_id": None}, "employee_id"),
    ):
        with pytest.raises(WrongValue) as refused:
            payroll.pay(**{"accrual_id": id_, "amount": "1", **head})  # type: ignore[arg-type]
        assert refused.value.facts["field"] == field


def test_one_scheme_of_an_employee_from_a_day(payroll: Payroll) -> None:
    card = {"employee_id": str(payroll.anna), "starts_on": "2026-11-01", "service_percent": "30"}
    service = payroll.do(create_service, {"name": "Коронка", "price": "100"}).id
    first = payroll.do(schemes.create_pay_scheme, card, [PayRate("service", service, Decimal(40))]).id
    with pytest.raises(PaySchemeExists):
        payroll.do(schemes.create_pay_scheme, card)
    payroll.do(schemes.delete_pay_scheme, first)
    payroll.do(schemes.create_pay_scheme, card)
    with pytest.raises(PaySchemeExists):
        payroll.do(schemes.return_pay_scheme, first)
    payroll.do(schemes.create_pay_scheme, {**card, "employee_id": str(payroll.reception.boris)})


@pytest.mark.parametrize(
    ("fields", "steps", "field"),
    [
        ({"service_percent": "100.01"}, [], "service_percent"),
        ({"service_percent": "тридцать"}, [], "service_percent"),
        ({"grid": "whole"}, [], "steps"),
        ({}, [PayStep(Decimal(0), Decimal(5))], "grid"),
        ({"grid": "whole"}, [PayStep(Decimal(0), Decimal(5)), PayStep(Decimal(0), Decimal(6))], "steps.1.above"),
        ({"grid": "whole", "service_percent": "5"}, [PayStep(Decimal(0), Decimal(5))], "service_percent"),
        ({"starts_on": ""}, [], "starts_on"),
        ({"monthly": "-1"}, [], "monthly"),
    ],
)
def test_a_wrong_scheme_is_refused_at_its_field(fields: dict[str, Any], steps: list[PayStep], field: str) -> None:
    card = {"employee_id": str(UUID(int=1)), "starts_on": "2026-11-01", **fields}
    with pytest.raises(WrongValue) as refused:
        PayScheme(UUID(int=2)).create(card, (), steps, at=context().now)
    assert refused.value.facts["field"] == field


def test_windows_that_accrue_one_period_at_once_accrue_it_once(nodes: list[Clinic]) -> None:
    payroll = Payroll(nodes[0])
    card = payroll.card()

    def accrue(number: int) -> Receipt:
        return commands.create_pay_accrual(nodes[number % 3], context("accrue"), card, (), calculated())

    found = parallel(9, accrue)
    assert sum(isinstance(one, Receipt) for one in found) == 1
    assert sum(isinstance(one, CalculationOutdated) for one in found) == 8
    assert len(payroll.in_effect()) == 1


def test_windows_that_pay_one_accrual_at_once_pay_it_once(nodes: list[Clinic]) -> None:
    payroll = Payroll(nodes[0])
    id_, lines = payroll.accrue(), payroll.lines(MoneyOutgo, "1000")
    card = {"moment": on(30), "desk_id": DRAWER, "employee_id": str(payroll.anna), "accrual_id": str(id_)}

    def pay(number: int) -> Receipt:
        ctx = asking(context("pay"), ())
        return money_commands.create_money_document(nodes[number % 3], ctx, MoneyOutgo, card, lines)

    found = parallel(9, pay)
    assert sum(isinstance(one, Receipt) for one in found) == 1
    assert sum(isinstance(one, NeedsConfirmation) for one in found) == 8
