"""What must be stated of a visit now, against what receipts have stated of it so far (54-ФЗ).

Lines that aren't stated yet are sold, those that are stated and no longer there are returned; so is what is no longer paid.
What is paid goes to the new lines first, then to the credit of the old ones. The rest of the new lines is credit.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.money.receipt import Method
from aggregates.money.receipt_accounts import NOTHING, SoldLine, VisitAccount, merged, part_of, total_of, with_net


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """Sold and returned lines with their methods, in rubles.

    credit_payment  what is paid of the credit of lines that were sold before.
    credit          what of the sold lines isn't paid; `credit_back`: what of the returned ones wasn't.
    credit_payment_back  what is stated to be paid of credit above all that was sold: of a receipt that was printed after it had
                    been given up.
    forward         payment → what of it settles the visit now; `back`: what no longer does.
    """

    sold: tuple[SoldLine, ...] = ()
    credit_payment: Decimal = NOTHING
    credit: Decimal = NOTHING
    forward: Mapping[UUID, Decimal] = {}
    returned: tuple[SoldLine, ...] = ()
    credit_back: Decimal = NOTHING
    credit_payment_back: Decimal = NOTHING
    back: Mapping[UUID, Decimal] = {}


def due_lines(lines: Sequence[SoldLine], stated: VisitAccount, total: Decimal) -> tuple[SoldLine, ...]:
    """Lines of a visit, of which `total` is to be on receipts: others pay the rest. What was stated of a line stays where it can,
    with its VAT, so that no kopeck moves between lines.
    """
    every, before = merged(lines), {line.key: line for line in stated.lines}
    every = tuple(msgspec.structs.replace(one, vat=before[one.key].vat) if one.key in before else one for one in every)
    had = {key: max(NOTHING, line.net) for key, line in before.items()}
    staying = [with_net(one, min(one.net, had.get(one.key, NOTHING))) for one in every]
    missing = total - total_of(staying)
    if missing < 0:
        fewer = {one.key: one.net for one in part_of(staying, total)}
        return tuple(with_net(one, fewer[one.key]) for one in every if one.key in fewer)
    more = {
        one.key: one.net
        for one in part_of([with_net(one, one.net - stays.net) for one, stays in zip(every, staying, strict=True)], missing)
    }
    sums = [stays.net + more.get(one.key, NOTHING) for one, stays in zip(every, staying, strict=True)]
    return tuple(with_net(one, net) for one, net in zip(every, sums, strict=True) if net)


def settlement(
    due: Sequence[SoldLine], paid: Mapping[UUID, Decimal], stated: VisitAccount, *, prints_credit: bool = False
) -> Settlement:
    """`due`: the lines that are to be on receipts; `paid`: payment → what it pays of them. `prints_credit`: lines are sold though
    nothing is paid of them.
    """
    now, before = {line.key: line for line in due}, {line.key: line for line in stated.lines}
    fewer = [_less(line, now[key].net if key in now else NOTHING) for key, line in before.items()]
    fewer = [line for line in fewer if line.net > 0]
    less = total_of(fewer)
    gone = {id_: settled - paid.get(id_, NOTHING) for id_, settled in stated.money.items() if settled > paid.get(id_, NOTHING)}
    settling = sum((amount for amount in stated.money.values() if amount > 0), NOTHING)
    taken_back = min(settling, max(sum(gone.values(), NOTHING), less - stated.credit))
    back = _completed(gone, stated.money, taken_back)
    left = [_less(line, next((one.net for one in fewer if one.key == key), NOTHING)) for key, line in before.items()]
    overpaid = min(taken_back, max(NOTHING, -stated.credit, taken_back - stated.total))
    of_lines = taken_back - overpaid
    returned = merged([*fewer, *part_of([line for line in left if line.net > 0], max(NOTHING, of_lines - less))])
    returned = tuple(before[one.key] if one.net == before[one.key].net else one for one in returned)
    gives_back = {line.key: line.net for line in returned}
    rest = {key: line.net - gives_back.get(key, NOTHING) for key, line in before.items()}
    # what isn't due, and was returned by a receipt that was printed though its sale had been given up
    below = [with_net(before[key], NOTHING) for key, net in rest.items() if net < 0 and key not in now]
    more = tuple(_more(line, rest.get(line.key, NOTHING)) for line in (*due, *below) if line.net > rest.get(line.key, NOTHING))
    # of a payment that settles nothing now, less than nothing is stated where its receipt was given up and its return printed
    forward = {
        id_: paid.get(id_, NOTHING) - (stated.money.get(id_, NOTHING) - back.get(id_, NOTHING))
        for id_ in {**paid, **stated.money}
    }
    forward = {id_: amount for id_, amount in forward.items() if amount > 0}
    new_money = sum(forward.values(), NOTHING)
    for_lines = min(new_money, total_of(more))
    if not for_lines and not prints_credit:
        more = ()
    credit = total_of(more) - for_lines
    return Settlement(
        sold=as_paid(more, for_lines, credit),
        credit_payment=new_money - for_lines,
        credit=credit,
        forward=forward,
        returned=as_paid(returned, of_lines, total_of(returned) - of_lines),
        credit_back=total_of(returned) - of_lines,
        credit_payment_back=overpaid,
        back=back,
    )


def as_paid(lines: Sequence[SoldLine], paid: Decimal, credit: Decimal) -> tuple[SoldLine, ...]:
    """Lines with the method that goes with how they are paid, or given back: a full payment, a credit, or both."""
    method: Method = "full_payment" if not credit else "partial_payment" if paid else "credit"
    return tuple(msgspec.structs.replace(line, method=method) for line in lines)


def _less(line: SoldLine, net: Decimal) -> SoldLine:
    """What of a stated line is above `net`."""
    return with_net(line, max(NOTHING, line.net - net))


def _more(line: SoldLine, net: Decimal) -> SoldLine:
    """What of a due line is above `net`."""
    return with_net(line, line.net - net)


def _completed(gone: Mapping[UUID, Decimal], money: Mapping[UUID, Decimal], total: Decimal) -> dict[UUID, Decimal]:
    """What is taken back of each payment, so that it comes to a total: what is gone, and if that isn't enough, of the others."""
    found, missing = dict(gone), total - sum(gone.values(), NOTHING)
    for id_, settled in money.items():
        more = min(missing, settled - found.get(id_, NOTHING))
        if more > 0:
            found[id_] = found.get(id_, NOTHING) + more
            missing -= more
    return {id_: amount for id_, amount in found.items() if amount}
