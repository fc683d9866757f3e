"""Lines of stock documents: goods with a quantity, a unit, and where the document has sums, a price and a sum.

Stock is held in the unit of write-off. A line in the unit of sale carries how many units of write-off that is (`factor`), as it
was when the line was written: a changed card of the goods doesn't touch old documents.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

from aggregates.fields import Faults
from aggregates.stock.costing import WHOLE
from aggregates.values import KOPECK, MOST_MONEY, WrongValue, factor, money, quantity, text

MOST_LINES = 1000
MOST_BATCH = 100
MOST_PARTS = 10**12
"""Ten-thousandths of a unit that a line may move: a hundred million units."""
FIRST_EXPIRY, LAST_EXPIRY = date(2000, 1, 1), date(2100, 12, 31)

StockUnit = Literal["sale", "write_off"]
STOCK_UNITS: dict[StockUnit, str] = {"sale": "продажа", "write_off": "списание"}


class StockLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line.

    quantity  in `unit`, up to four places; of a count, what was counted (from 0).
    factor    units of write-off in one unit of the line.
    price     rubles for one unit of the line: of a count, for a surplus where no cost is known; None where the document has none.
    sum       rubles: what a receipt's cost is made of, and what a sale brings.
    batch, expires_on  of what is received.
    name      of sold goods as receipts call them, when they were sold; "" where nobody needs it.
    """

    goods_id: UUID
    quantity: Decimal
    unit: StockUnit = "write_off"
    factor: Decimal = Decimal(1)
    price: Decimal | None = None
    sum: Decimal | None = None
    batch: str = ""
    expires_on: date | None = None
    name: str = ""

    @property
    def parts(self) -> int:
        """The quantity in ten-thousandths of the unit in which stock is held."""
        return int(self.quantity * self.factor * WHOLE)


def require_few(lines: Sequence[object]) -> None:
    """WrongValue if these are more lines than a document may have."""
    if len(lines) > MOST_LINES:
        raise WrongValue("lines", f"В документе может быть не больше {MOST_LINES} строк. Разделите его на несколько.")


def checked_lines(lines: Sequence[StockLine], *, priced: bool, counts: bool, batches: bool) -> tuple[StockLine, ...]:
    """Lines in their stored form. A sum that isn't given is price × quantity, a price that isn't given follows from the sum.

    priced: each line needs a price or a sum, 0 for a gift. counts: a quantity of 0 is allowed. batches: batch and expiry are
    kept. WrongValue, WrongValues: fields are named `lines.<number from 0>.<field>`.
    """
    require_few(lines)
    checked, faults = [], Faults()
    first: dict[UUID, int] = {}
    for number, line in enumerate(lines):
        if counts and first.setdefault(line.goods_id, number) != number:
            written = f"Этот товар уже есть в строке {first[line.goods_id] + 1}. Сложите количество."
            faults.add(WrongValue(f"lines.{number}.goods_id", written))
        with faults.gathered():
            checked.append(_checked(f"lines.{number}", line, priced=priced, counts=counts, batches=batches))
    faults.refuse()
    return tuple(checked)


def _checked(place: str, line: StockLine, *, priced: bool, counts: bool, batches: bool) -> StockLine:
    amount = quantity(f"{place}.quantity", line.quantity, least=Decimal(0) if counts else Decimal("0.0001"))
    ratio = Decimal(factor(f"{place}.unit", line.factor))
    require_whole_parts(f"{place}.quantity", amount, ratio)
    shared: dict[str, Any] = {
        "goods_id": line.goods_id,
        "quantity": amount,
        "unit": line.unit,
        "factor": ratio,
        "name": line.name,
    }
    if counts and line.price is not None:
        shared |= {"price": money(f"{place}.price", line.price)}
    if priced:
        shared |= _price_and_sum(place, amount, line.price, line.sum)
    if batches:
        shared |= {"batch": text(f"{place}.batch", line.batch, limit=MOST_BATCH), "expires_on": line.expires_on}
        if line.expires_on is not None and not FIRST_EXPIRY <= line.expires_on <= LAST_EXPIRY:
            raise WrongValue(f"{place}.expires_on", "Срок годности должен быть между 2000 и 2100 годом.")
    return StockLine(**shared)


def require_whole_parts(field: str, amount: Decimal, ratio: Decimal) -> None:
    """WrongValue if so much can't be counted in the unit of write-off. `ratio`: units of write-off in one of the line."""
    parts = amount * ratio * WHOLE
    if parts != int(parts):
        raise WrongValue(field, "В единицах списания получается точнее 0,0001. Укажите другое количество.")
    if parts > MOST_PARTS:
        raise WrongValue(field, "Столько на складе не бывает. Проверьте количество.")


def _price_and_sum(place: str, amount: Decimal, price: Decimal | None, total: Decimal | None) -> dict[str, Decimal]:
    if price is None and total is None:
        raise WrongValue(f"{place}.price", "Укажите цену или сумму; для подарка – 0.")
    if price is not None:
        price = money(f"{place}.price", price)
    if total is None:
        total = ((price or Decimal(0)) * amount).quantize(KOPECK, ROUND_HALF_UP)
        if total > MOST_MONEY:
            raise WrongValue(f"{place}.sum", "Сумма строки больше 99 999 999,99 рубля. Проверьте цену и количество.")
    total = money(f"{place}.sum", total)
    if price is None:
        price = min((total / amount).quantize(KOPECK, ROUND_HALF_UP), MOST_MONEY)
    return {"price": price, "sum": total}
