"""An amount in words as papers state it («сумма прописью»): «Две тысячи два рубля 05 копеек»."""

from collections.abc import Iterator
from decimal import Decimal

Forms = tuple[str, str, str]
"""For 1, for 2–4, for 5 and more."""
RUBLE: Forms = ("рубль", "рубля", "рублей")
KOPECK: Forms = ("копейка", "копейки", "копеек")
_SCALES: tuple[Forms, ...] = (
    ("", "", ""),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)
_HUNDREDS = ("", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот")
_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_FEMININE = {1: "одна", 2: "две"}
_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать",
)  # fmt: skip
MOST = Decimal(1000 ** len(_SCALES))
"""Amounts are below it."""


def amount_in_words(amount: Decimal) -> str:
    """Rubles in words and kopecks in digits, with a capital letter. ValueError for an amount that papers don't state: below
    zero, finer than a kopeck, or a thousand trillions.
    """
    kopecks = amount * 100
    if not 0 <= amount < MOST or kopecks != int(kopecks):
        raise ValueError(f"{amount} can't be stated in words")
    rubles, rest = divmod(int(kopecks), 100)
    words = " ".join([number_in_words(rubles), form(rubles, RUBLE), f"{rest:02}", form(rest, KOPECK)])
    return words[0].upper() + words[1:]


def number_in_words(number: int) -> str:
    """A whole number from 0, masculine: «двадцать один»."""
    if number == 0:
        return "ноль"
    groups = []
    for forms in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.append(" ".join(filter(None, [*_below_thousand(group, feminine=forms[0] == "тысяча"), form(group, forms)])))
    return " ".join(reversed(groups))


def form(number: int, forms: Forms) -> str:
    """The form of a word after a number: «1 рубль», «2 рубля», «11 рублей»."""
    last = number % 10
    if 10 < number % 100 < 20 or last == 0 or last > 4:
        return forms[2]
    return forms[0] if last == 1 else forms[1]


def _below_thousand(number: int, *, feminine: bool) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    yield _HUNDREDS[hundreds]
    if 10 <= rest < 20:
        yield _TEENS[rest - 10]
        return
    tens, ones = divmod(rest, 10)
    yield _TENS[tens]
    yield _FEMININE[ones] if feminine and ones in _FEMININE else _ONES[ones]
