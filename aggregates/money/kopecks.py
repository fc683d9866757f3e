"""Money is kept, sent and shown as a Decimal of rubles with two places, and shared and added up in whole kopecks."""

from decimal import Decimal


def rubles(kopecks: Decimal | int) -> Decimal:
    """With two places. Of whole kopecks; SQL adds integers up to a Decimal."""
    return Decimal(int(kopecks)).scaleb(-2)


def kopecks_of(amount: Decimal) -> int:
    """Of a sum with two places."""
    return int(amount * 100)
