"""What an employee earns, as a pure function of schemes, work, money and shifts (FIN-2).

All that is paid belongs to a calendar month and to a key, so that what is right for any set of days can be compared with what
was accrued for the same days before (`differences`). Grids and guarantees are of a calendar month, however many accruals it has:
the second half of a month is paid by the sum of the whole month, less what its first half got. A fixed sum is shared by days.
Whole kopecks, half up, line by line.
"""

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.shares import shared
from aggregates.payroll.pay_lines import FROZEN, NOTHING, PARTS, Part, PayLine
from aggregates.payroll.pay_terms import PayStep, PayTerms

_OF_MONTHS: frozenset[Part] = frozenset({"grid", "monthly", "guarantee"})
_PART_ORDER = {part: number for number, part in enumerate(PARTS)}


class Scheme(NamedTuple):
    """A scheme in effect from a day until the next one starts, or until its last day."""

    id: UUID
    starts_on: date
    terms: PayTerms
    ends_on: date | None = None


class Work(msgspec.Struct, frozen=True, gc=False):
    """The employee's part of one line of a completed visit, a visit that they booked or completed, or a certificate that they
    sold; in kopecks.

    number      of the visit.
    gross, net  without discounts, and after all of them; nothing of a visit that isn't completed.
    materials   what of the visit's materials falls on it, at cost.
    paid        day → what was paid for it then, negative where money went back. No day is before the visit's.
    card        what of it was paid by card, likewise.
    created, completed  of a visit: whether the employee did so.
    """

    visit_id: UUID | None
    number: int | None
    day: date
    kind: Literal["service", "goods", "visit", "certificate"]
    item_id: UUID
    category_id: UUID | None
    name: str
    gross: int
    net: int
    materials: int = 0
    paid: tuple[tuple[date, int], ...] = ()
    card: tuple[tuple[date, int], ...] = ()
    created: bool = False
    completed: bool = False


class Shift(NamedTuple):
    """A working day of the schedule."""

    day: date
    minutes: int


def paid_by_rows(nets: Sequence[int], money: Iterable[tuple[date, int]]) -> list[list[tuple[date, int]]]:
    """What each row of a visit gets of the money paid for it, day by day; no more than the rows come to. In kopecks.

    Each day's money is the difference of what was shared by its end and before, so that nothing is lost between periods.
    """
    whole, reached = sum(nets), 0
    before: Sequence[int] = [0] * len(nets)
    found: list[list[tuple[date, int]]] = [[] for _ in nets]
    by_day: dict[date, int] = defaultdict(int)
    for day, amount in money:
        by_day[day] += amount
    for day in sorted(by_day):
        reached += by_day[day]
        after = shared(max(min(reached, whole), 0), nets)
        for row, (then, now) in zip(found, zip(before, after, strict=True), strict=True):
            if now != then:
                row.append((day, now - then))
        before = after
    return found


def half_up(amount: Decimal) -> int:
    """Whole kopecks."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def percent_of(kopecks: int, percent: Decimal) -> int:
    return half_up(kopecks * percent / 100)


def by_grid(kopecks: int, steps: Sequence[PayStep], grid: Literal["marginal", "whole"]) -> int:
    """What a month's sum is paid: each part of it by the percentage of its step, or the whole by that of the step it reaches."""
    bounds = [kopecks_of(step.above) for step in steps]
    if kopecks <= 0:
        return 0
    if grid == "whole":  # a step is for what is above its bound
        reached = [step for step, above in zip(steps, bounds, strict=True) if kopecks > above]
        return percent_of(kopecks, reached[-1].percent) if reached else 0
    ends = [*bounds[1:], kopecks]
    parts = (max(min(kopecks, end) - above, 0) * step.percent for step, above, end in zip(steps, bounds, ends, strict=True))
    return half_up(sum(parts, Decimal(0)) / 100)


def month_of(day: date) -> str:
    return day.isoformat()[:7]  # a fifth of the time that formatting takes, for each of a year's lines


def due(
    schemes: Sequence[Scheme],
    days: Collection[date],
    works: Iterable[Work],
    shifts: Iterable[Shift] = (),
    frozen: Iterable[PayLine] = (),
) -> list[PayLine]:
    """What is right for these days, each key once.

    days    each calendar day once; work and money of other days don't count.
    works   in the order of visits and their lines.
    shifts  of days whose shifts weren't accrued yet; `frozen`: the lines of those that were.
    """
    return _Calculation(schemes, frozenset(days)).lines(works, shifts, frozen)


def _percent(terms: PayTerms, work: Work) -> Decimal | None:
    """None: the grid's."""
    match work.kind:
        case "goods":
            return terms.goods_percent
        case "visit":
            return terms.visit_percent
        case "certificate":
            return terms.certificate_percent
        case "service":
            return terms.percent_of(work.item_id, work.category_id)


class _Earned(NamedTuple):
    scheme_id: UUID
    month: str


class _Calculation:
    def __init__(self, schemes: Sequence[Scheme], days: frozenset[date]) -> None:
        self._schemes = sorted(schemes, key=lambda scheme: scheme.starts_on)
        self._starts = [scheme.starts_on for scheme in self._schemes]
        self._days = days
        self._lines: list[PayLine] = []
        self._earned: dict[_Earned, int] = defaultdict(int)
        self._volumes: dict[_Earned, int] = defaultdict(int)
        self._covered: dict[_Earned, list[date]] = defaultdict(list)
        self._alike: dict[tuple[UUID | None, str, UUID], int] = defaultdict(int)
        for day in sorted(days):
            if (scheme := self._on(day)) is not None:
                self._covered[_Earned(scheme.id, month_of(day))].append(day)

    def lines(self, works: Iterable[Work], shifts: Iterable[Shift], frozen: Iterable[PayLine]) -> list[PayLine]:
        for work in works:
            self._work(work)
        for line in frozen:
            if (scheme := self._on(line.day)) is None:
                self._lines.append(line)
            else:
                self._add(scheme, line)
        for shift in shifts:
            self._shift(shift)
        by_id = {scheme.id: scheme for scheme in self._schemes}
        for of in sorted(
            {*self._covered, *self._volumes, *self._earned}, key=lambda of: (of.month, by_id[of.scheme_id].starts_on)
        ):
            self._month(of, by_id[of.scheme_id])
        return self._lines

    def _on(self, day: date) -> Scheme | None:
        at = bisect_right(self._starts, day)
        scheme = self._schemes[at - 1] if at else None
        return None if scheme is None or (scheme.ends_on is not None and scheme.ends_on < day) else scheme

    def _add(self, scheme: Scheme, line: PayLine) -> None:
        self._earned[_Earned(scheme.id, month_of(line.day))] += kopecks_of(line.sum)
        self._lines.append(line)

    def _work(self, work: Work) -> None:
        """Its lines; work of one visit that is alike is told apart by its order."""
        alike = (work.visit_id, work.kind, work.item_id)
        nth = self._alike[alike]
        self._alike[alike] += 1
        scheme = self._on(work.day)
        if scheme is None:
            return
        terms = scheme.terms
        if work.kind == "visit":
            if not terms.pays_for(created=work.created, completed=work.completed):
                return
            self._visit(scheme, work)
        percent = _percent(terms, work)
        if percent == 0:
            return
        for day, base in self._bases(terms, work):
            month = month_of(day)
            if percent is None:
                self._volumes[_Earned(scheme.id, month)] += base
            part = "volume" if percent is None else work.kind
            self._add(
                scheme,
                PayLine(
                    key=f"{month}/{part}/{work.visit_id}/{work.item_id}/{nth}",
                    part=part,
                    day=day,
                    sum=rubles(0 if percent is None else percent_of(base, percent)),
                    base=rubles(base),
                    percent=percent,
                    visit_id=work.visit_id,
                    number=work.number,
                    item_id=work.item_id,
                    name=work.name,
                ),
            )

    def _visit(self, scheme: Scheme, work: Work) -> None:
        """A visit's fixed sum, on its day."""
        amount = scheme.terms.visit_sum
        if amount and work.day in self._days:
            key = f"{month_of(work.day)}/per_visit/{work.visit_id}"
            line = PayLine(
                key=key,
                part="per_visit",
                day=work.day,
                sum=rubles(amount),
                base=rubles(amount),
                quantity=Decimal(1),
                visit_id=work.visit_id,
                number=work.number,
            )
            self._add(scheme, line)

    def _bases(self, terms: PayTerms, work: Work) -> Iterable[tuple[date, int]]:
        """The last day of each month, and what of it is paid for."""
        materials = work.materials if terms.minus_materials and work.kind == "service" else 0
        amount = work.gross if terms.price == "gross" else work.net
        if terms.base == "done":
            fee = percent_of(sum(kopecks for _, kopecks in work.card), terms.acquiring)
            return [(work.day, amount - materials - fee)] if work.day in self._days else []
        by_card = self._by_month(work.card) if terms.acquiring else {}
        fees = {month: percent_of(kopecks, terms.acquiring) for month, (_, kopecks) in by_card.items()}
        return [
            (day, half_up(Decimal(kopecks) * (amount - materials) / work.net) - fees.get(month, 0))
            for month, (day, kopecks) in self._by_month(work.paid).items()
            if work.net
        ]

    def _by_month(self, money: Iterable[tuple[date, int]]) -> dict[str, tuple[date, int]]:
        """Month → its last day with money among the days that count, and what came in it."""
        found: dict[str, tuple[date, int]] = {}
        for day, kopecks in money:
            if day in self._days:
                month = month_of(day)
                _, before = found.get(month, (day, 0))
                found[month] = (day, before + kopecks)
        return found

    def _shift(self, shift: Shift) -> None:
        scheme = self._on(shift.day)
        if scheme is None or shift.day not in self._days or not shift.minutes:
            return
        terms = scheme.terms
        if terms.shift:
            share = Decimal(1) if shift.minutes >= terms.full_shift else Decimal("0.5")
            self._add(
                scheme,
                PayLine(
                    key=f"{shift.day}/shift",
                    part="shift",
                    day=shift.day,
                    sum=rubles(half_up(terms.shift * share)),
                    base=rubles(terms.shift),
                    quantity=share,
                ),
            )
        if terms.hour:
            hours = Decimal(shift.minutes) / 60
            self._add(
                scheme,
                PayLine(
                    key=f"{shift.day}/hour",
                    part="hour",
                    day=shift.day,
                    sum=rubles(half_up(terms.hour * hours)),
                    base=rubles(terms.hour),
                    quantity=hours.quantize(Decimal("0.01"), ROUND_HALF_UP),
                ),
            )

    def _month(self, of: _Earned, scheme: Scheme) -> None:
        """What a month has as a whole: the grid, the fixed sum, the guarantee."""
        terms, days = scheme.terms, self._covered.get(of, [])
        last = days[-1] if days else _last_of(of.month)
        if terms.grid and (volume := self._volumes.get(of, 0)):
            earned = by_grid(volume, terms.steps, terms.grid)
            line = PayLine(key=f"{of.month}/grid/{scheme.id}", part="grid", day=last, sum=rubles(earned), base=rubles(volume))
            self._lines.append(line)
            self._earned[of] += earned
        whole = monthrange(last.year, last.month)[1]
        if terms.monthly and days:
            fixed = half_up(Decimal(terms.monthly * len(days)) / whole)
            line = PayLine(
                key=f"{of.month}/monthly/{scheme.id}",
                part="monthly",
                day=last,
                sum=rubles(fixed),
                base=rubles(terms.monthly),
                quantity=Decimal(len(days)),
            )
            self._lines.append(line)
            self._earned[of] += fixed
        earned, least = self._earned.get(of, 0), half_up(Decimal(terms.guarantee * len(days)) / whole)
        if terms.guarantee and least > earned:
            line = PayLine(
                key=f"{of.month}/guarantee/{scheme.id}",
                part="guarantee",
                day=last,
                sum=rubles(least - earned),
                base=rubles(earned),
                quantity=Decimal(len(days)),
            )
            self._lines.append(line)


def differences(right: Iterable[PayLine], accrued: Iterable[PayLine], first: date, last: date) -> list[PayLine]:
    """What is to be accrued for the days `first`…`last`: what is right, less what was accrued for the same keys. In order.

    Sums, bases and quantities of a line are differences where something was accrued for its key. A line for a day outside the
    period is a correction, and so is one for work or time that was accrued before; what a month has as a whole goes on. What
    nothing changed is left out.
    """
    before: dict[str, list[PayLine]] = defaultdict(list)
    for line in accrued:
        before[line.key].append(line)
    found = [_less(line, before.pop(line.key, []), first, last) for line in right]
    for gone in before.values():
        nothing = msgspec.structs.replace(gone[-1], sum=NOTHING, base=NOTHING, quantity=gone[-1].quantity and Decimal(0))
        found.append(_less(nothing, gone, first, last))
    changed = (line for line in found if line.sum or line.base or line.quantity)
    return sorted(changed, key=lambda line: (_PART_ORDER[line.part], line.day, line.number or 0))


def _less(line: PayLine, accrued: Sequence[PayLine], first: date, last: date) -> PayLine:
    quantity = line.quantity
    if accrued and quantity is not None:
        quantity -= sum((one.quantity or Decimal(0) for one in accrued), Decimal(0))
    base = line.base - sum((one.base for one in accrued), NOTHING)
    if line.part in ("monthly", "per_visit", *FROZEN):
        base = line.base if line.sum != sum((one.sum for one in accrued), NOTHING) else NOTHING  # a rate, not a sum
    return msgspec.structs.replace(
        line,
        sum=line.sum - sum((one.sum for one in accrued), NOTHING),
        base=base,
        quantity=quantity,
        correction=not first <= line.day <= last or (bool(accrued) and line.part not in _OF_MONTHS),
    )


def days_between(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))


def summed(lines: Iterable[PayLine]) -> Mapping[str, Decimal]:
    """Part → what its lines come to."""
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for line in lines:
        sums[line.part] += line.sum
    return {part: sums[part] for part in PARTS if part in sums}


def _last_of(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])
