"""Units of goods: how many units of write-off a line's unit is, and what one of it is sold for."""

from decimal import ROUND_HALF_UP, Decimal

from aggregates.catalogue import CatalogueEntry
from aggregates.stock.stock_lines import StockUnit
from aggregates.values import KOPECK


def factor_of(goods: CatalogueEntry, unit: StockUnit) -> Decimal:
    """Units of write-off in one unit of the line; goods without a unit of write-off are held in the unit of sale."""
    return Decimal(str(goods.card["factor"])) if unit == "sale" and goods.card["write_off_unit"] is not None else Decimal(1)


def price_of(goods: CatalogueEntry, unit: StockUnit) -> Decimal:
    """The present price of one unit, in rubles."""
    price, whole = Decimal(str(goods.card["price"])), factor_of(goods, "sale")
    return price if unit == "sale" else (price / whole).quantize(KOPECK, ROUND_HALF_UP)
