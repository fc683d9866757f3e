"""Payments, refunds and certificates: what they allow, and what of a payment pays for which visit."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec import UNSET

from aggregates.money.allocation import Allocation, allocated, oldest_first, restored, taken_back, taken_for
from aggregates.money.certificate import Certificate, CertificateDeleted, CertificateOver
from aggregates.money.payment import Payment, PaymentDeleted, Till
from aggregates.money.refund import AnotherWay, Refund, RefundBeforePayment
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import Fact, fact, given, named, replayed

FIRST, SECOND = named("визит от 1 марта"), named("визит от 10 марта")
PATIENT, DESK, CERTIFICATE = named("пациент"), named("касса"), named("сертификат")
MARCH_10 = datetime(2026, 3, 10, 12, 0)  # noqa: DTZ001
TILL = Till(desk_id=DESK, desk_kind="cash")


def sums(**of: str) -> dict[Any, Decimal]:
    return {named(name): Decimal(amount) for name, amount in of.items()}


def taken(*allocations: Allocation, amount: str = "12000.00", **other: Any) -> Fact:
    facts = {"number": 1, "place": 1, "moment": MARCH_10, "patient_id": PATIENT, "till": TILL, "sum": Decimal(amount)}
    return fact(Payment.Taken, **facts, allocations=allocations, **other)


def share(visit_id: Any, amount: str, moment: datetime = MARCH_10) -> Allocation:
    return Allocation(visit_id, Decimal(amount), moment)


def back_for(refund_id: Any, visit_id: Any, amount: str, moment: datetime = MARCH_10) -> Allocation:
    return Allocation(visit_id, Decimal(amount), moment, refund_id=refund_id)


def test_oldest_visits_are_paid_first() -> None:
    due = {FIRST: Decimal("10000.00"), SECOND: Decimal("6000.00")}
    assert oldest_first(Decimal("12000.00"), due) == {FIRST: Decimal("10000.00"), SECOND: Decimal("2000.00")}
    assert oldest_first(Decimal("20000.00"), due) == due
    assert oldest_first(Decimal(0), due) == {}


@pytest.mark.spec("FIN-7")
def test_a_refund_takes_back_the_latest_allocation_first() -> None:
    shares = (share(FIRST, "10000.00"), share(SECOND, "2000.00"))
    back = taken_back(shares, Decimal("3000.00"), MARCH_10, named("возврат"))
    refund = named("возврат")
    assert back == (back_for(refund, SECOND, "-2000.00"), back_for(refund, FIRST, "-1000.00"))
    assert allocated((*shares, *back)) == {FIRST: Decimal("9000.00")}


@forall(st.lists(st.integers(1, 5000), min_size=1, max_size=6), st.integers(0, 40_000))
def test_what_is_taken_back_was_there(kopecks: list[int], back: int) -> None:
    shares = [Allocation(named(str(number)), Decimal(amount) / 100, MARCH_10) for number, amount in enumerate(kopecks)]
    found = taken_back(shares, Decimal(back) / 100, MARCH_10, named("возврат"))
    assert -sum((one.sum for one in found), Decimal(0)) == min(Decimal(back), Decimal(sum(kopecks))) / 100
    assert all(amount > 0 for amount in allocated((*shares, *found)).values())


@pytest.mark.spec("FIN-7")
def test_a_payment_says_which_visits_it_pays_for() -> None:
    paid = given(Payment).when(
        Payment.take, 1, 1, MARCH_10, PATIENT, TILL, Decimal(12000), {FIRST: Decimal(10000), SECOND: Decimal(500)}
    )
    paid.then(taken(share(FIRST, "10000.00"), share(SECOND, "500.00")))
    assert paid.aggregate.allocated == {FIRST: Decimal(10000), SECOND: Decimal(500)}
    assert paid.aggregate.unallocated == Decimal(1500)


@pytest.mark.parametrize(
    ("amount", "shares", "other"),
    [
        ("0", {}, {}),
        ("-1", {}, {}),
        ("0.001", {}, {}),
        ("100000000", {}, {}),
        ("NaN", {}, {}),
        ("100", {FIRST: Decimal("100.01")}, {}),
        ("100", {FIRST: Decimal(-1)}, {}),
        ("100", {}, {"handed": Decimal("99.99")}),
        ("100", {}, {"comment": "ж" * 5000}),
    ],
)
def test_absurd_payments_are_refused(amount: str, shares: Any, other: Any) -> None:
    given(Payment).when(Payment.take, 1, 1, MARCH_10, PATIENT, TILL, Decimal(amount), shares, **other).then_refused_by(WrongValue)


@pytest.mark.spec("FIN-7")
def test_an_allocation_is_an_event_of_its_own_and_never_before_the_payment() -> None:
    early, later = MARCH_10 - timedelta(days=5), MARCH_10 + timedelta(days=5)
    given(Payment, taken()).when(Payment.allocate, sums(a="5.00"), early).then(
        fact(Payment.Reallocated, allocations=(share(named("a"), "5.00"),))
    )
    given(Payment, taken()).when(Payment.allocate, sums(a="5.00"), later).then(
        fact(Payment.Reallocated, allocations=(share(named("a"), "5.00", later),))
    )
    released = given(Payment, taken(share(FIRST, "10.00"), share(SECOND, "5.00"))).when(Payment.release, FIRST, later)
    released.then(fact(Payment.Reallocated, allocations=(back_for(None, FIRST, "-10.00", later),)))
    assert released.aggregate.allocated == {SECOND: Decimal("5.00")}
    given(Payment, taken(share(FIRST, "10.00"))).when(Payment.release, SECOND, later).then()


@pytest.mark.spec("FIN-7")
def test_a_refund_takes_the_prepayment_before_what_pays_for_visits() -> None:
    payment = taken(share(FIRST, "10000.00"))
    given(Payment, payment).when(Payment.give_back, named("возврат"), Decimal(2000), Decimal(0), MARCH_10).then()
    given(Payment, payment).when(Payment.give_back, named("возврат"), Decimal(2000), Decimal(500), MARCH_10).then(
        fact(Payment.Reallocated, allocations=(back_for(named("возврат"), FIRST, "-500.00"),))
    )


@pytest.mark.spec("DEL-2")
def test_a_deleted_payment_pays_for_nothing_and_comes_back_as_it_was_where_visits_have_room() -> None:
    deleted = fact(Payment.Deleted, allocations=(back_for(None, FIRST, "-10.00"),))
    given(Payment, taken(share(FIRST, "10.00"))).when(Payment.delete).then(deleted)
    returned = given(Payment, taken(share(FIRST, "10.00")), deleted).when(Payment.return_)
    returned.then(fact(Payment.Returned, allocations=(share(FIRST, "10.00"), back_for(None, FIRST, "-10.00"))))
    assert returned.aggregate.unallocated == Decimal(12000)
    whole = given(Payment, taken(share(FIRST, "10.00")), deleted).when(Payment.return_, {FIRST: Decimal(50)})
    whole.then(fact(Payment.Returned, allocations=(share(FIRST, "10.00"),)))
    part = given(Payment, taken(share(FIRST, "10.00")), deleted).when(Payment.return_, {FIRST: Decimal(4)})
    assert part.aggregate.allocated == {FIRST: Decimal("4.00")}
    before = replayed(Payment, taken(share(FIRST, "10.00")), deleted, fact(Payment.Returned), id=named("оплата"))
    assert before.allocations == ()
    for change in (
        lambda payment, at: payment.allocate(sums(a="1.00"), MARCH_10, at=at),
        lambda payment, at: payment.release(FIRST, MARCH_10, at=at),
        lambda payment, at: payment.give_back(named("возврат"), Decimal(1), Decimal(0), MARCH_10, at=at),
    ):
        given(Payment, taken(share(FIRST, "10.00")), deleted).when(change).then_refused_by(PaymentDeleted)


@pytest.mark.spec("FIN-7")
def test_a_refund_names_its_payment_and_goes_back_the_way_it_came() -> None:
    payment = replayed(Payment, taken(), id=named("оплата"))
    made = given(Refund).when(Refund.make, 1, 2, MARCH_10, payment, TILL, Decimal(3000), "Передумал")
    facts = {"number": 1, "place": 2, "moment": MARCH_10, "patient_id": PATIENT, "payment_id": payment.id, "till": TILL}
    made.then(fact(Refund.Made, **facts, sum=Decimal("3000.00"), reason="Передумал"))
    for amount in ("0", "12000.01", "-5", "1.001"):
        given(Refund).when(Refund.make, 1, 2, MARCH_10, payment, TILL, Decimal(amount), "").then_refused_by(WrongValue)
    before = MARCH_10 - timedelta(minutes=1)
    given(Refund).when(Refund.make, 1, 2, before, payment, TILL, Decimal(1), "").then_refused(RefundBeforePayment(MARCH_10))
    other = Till(certificate_id=CERTIFICATE)
    given(Refund).when(Refund.make, 1, 2, MARCH_10, payment, other, Decimal(1), "").then_refused(AnotherWay("cash"))
    deleted = replayed(Payment, taken(), fact(Payment.Deleted, allocations=()), id=named("оплата"))
    given(Refund).when(Refund.make, 1, 2, MARCH_10, deleted, TILL, Decimal(1), "").then_refused_by(PaymentDeleted)


@pytest.mark.spec("FIN-6")
def test_what_was_taken_back_for_a_refund_is_named() -> None:
    """Two refunds and a release of one minute; entries from before they were named are guessed by their moment."""
    one, other = named("возврат"), named("другой возврат")
    first = (
        share(FIRST, "100.00"),
        back_for(one, FIRST, "-30.00"),
        back_for(other, FIRST, "-20.00"),
        back_for(None, FIRST, "-5.00"),
    )
    assert taken_for(first, one, Decimal(30), MARCH_10) == {FIRST: Decimal("30.00")}
    assert taken_for(first, other, Decimal(60), MARCH_10) == {FIRST: Decimal("20.00")}
    old = (share(FIRST, "100.00"), share(FIRST, "-30.00", MARCH_10 + timedelta(days=1)))
    assert taken_for(old, one, Decimal(50), MARCH_10 + timedelta(days=1)) == {FIRST: Decimal("30.00")}
    assert taken_for(old, one, Decimal(50), MARCH_10) == {}


HISTORY = st.lists(st.tuples(st.sampled_from("абв"), st.integers(1, 5000), st.integers(0, 5), st.booleans()), max_size=12)


@forall(HISTORY, st.lists(st.integers(0, 6000), min_size=3, max_size=3), st.booleans())
@pytest.mark.spec("FIN-7", "DEL-2")
def test_a_returned_payment_pays_on_every_past_day_as_if_it_had_never_been_deleted(
    steps: list[tuple[str, int, int, bool]], room: list[int], enough: bool
) -> None:
    """Where visits have room; else less, never more, and on no day less than nothing."""
    entries: list[Allocation] = []
    for name, kopecks, days, back in steps:
        visit, at = named(name), max([MARCH_10 + timedelta(days=days), *(one.moment for one in entries)])
        amount = min(Decimal(kopecks) / 100, allocated(entries).get(visit, Decimal(0))) if back else Decimal(kopecks) / 100
        if amount:
            entries.append(Allocation(visit, -amount if back else amount, at, None if back else UNSET))
    rooms = {named(name): Decimal(kopecks) / 100 for name, kopecks in zip("абв", room, strict=True)}
    if enough:
        rooms = allocated(entries)
    found = restored(entries, rooms)
    assert found[: len(entries)] == tuple(entries)
    if enough:
        assert found == tuple(entries)
    for visit, amount in allocated(found).items():
        assert Decimal(0) < amount <= min(rooms[visit], allocated(entries)[visit])
    for day in {one.moment for one in found}:
        assert all(amount >= 0 for amount in allocated(one for one in found if one.moment <= day).values())


CARD: dict[str, Any] = {
    "code": "А-17", "moment": "2026-03-10T12:00", "nominal": "5000.00", "price": "4500.00", "desk_id": str(DESK),
    "buyer_id": None, "valid_until": "2026-12-31", "comment": "",
}  # fmt: skip


def sold(**other: Any) -> Fact:
    return fact(Certificate.Sold, place=1, card={**CARD, **other}, desk_kind="cash")


@pytest.mark.spec("FIN-3")
def test_a_certificate_is_sold_with_its_nominal_price_and_end() -> None:
    found = given(Certificate).when(Certificate.sell, 1, {**CARD, "code": " А-17 "}, "cash")
    found.then(sold())
    assert (found.aggregate.nominal, found.aggregate.price, found.aggregate.till) == (Decimal(5000), Decimal(4500), TILL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"nominal": "0"},
        {"nominal": "-1"},
        {"price": "1.001"},
        {"valid_until": "2026-03-09"},
        {"moment": "1900-01-01T10:00"},
    ],
)
def test_absurd_certificates_are_refused(wrong: dict[str, Any]) -> None:
    given(Certificate).when(Certificate.sell, 1, {**CARD, **wrong}, "cash").then_refused_by(WrongValue)


def test_what_a_certificate_was_sold_for_stays() -> None:
    given(Certificate, sold()).when(Certificate.change, {"valid_until": "2027-01-31"}).then(
        fact(Certificate.Changed, changes=(FieldChange("valid_until", "2026-12-31", "2027-01-31"),))
    )
    for field, value in (("nominal", "6000.00"), ("price", "0.00"), ("moment", "2026-03-11T12:00"), ("desk_id", str(PATIENT))):
        given(Certificate, sold()).when(Certificate.change, {field: value}).then_refused_by(WrongValue)
    given(Certificate, sold()).when(Certificate.change, {"valid_until": "2026-03-01"}).then_refused_by(WrongValue)


@pytest.mark.spec("FIN-3")
def test_a_certificate_pays_from_its_sale_until_its_end() -> None:
    certificate = replayed(Certificate, sold(), id=CERTIFICATE)
    certificate.require_usable(datetime(2026, 3, 10).date())  # noqa: DTZ001
    certificate.require_usable(datetime(2026, 12, 31).date())  # noqa: DTZ001
    for day in (datetime(2026, 3, 9).date(), datetime(2027, 1, 1).date()):  # noqa: DTZ001
        with pytest.raises(CertificateOver):
            certificate.require_usable(day)
    endless = replayed(Certificate, sold(valid_until=""), id=CERTIFICATE)
    endless.require_usable(datetime(2090, 1, 1).date())  # noqa: DTZ001
    deleted = replayed(Certificate, sold(), fact(Certificate.Deleted), id=CERTIFICATE)
    with pytest.raises(CertificateDeleted):
        deleted.require_usable(datetime(2026, 3, 10).date())  # noqa: DTZ001
