"""Amounts in words, as papers state them."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.money.amount_in_words import MOST, amount_in_words

FIRST = ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")
VALUES = {
    **{word: number for number, word in enumerate(FIRST)},
    "одна": 1, "две": 2, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15,
    "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40,
    "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200,
    "триста": 300, "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
}  # fmt: skip
SCALES = {"тысяч": 10**3, "миллион": 10**6, "миллиард": 10**9, "триллион": 10**12}


def read_back(words: str) -> Decimal:
    """The amount that a reader understands."""
    written, _, kopecks = words.lower().partition(" рубл")
    total = group = 0
    for word in written.split():
        scale = next((value for stem, value in SCALES.items() if re.fullmatch(f"{stem}(а|и|ов)?", word)), None)
        if scale is None:
            group += VALUES[word]
        else:
            total, group = total + group * scale, 0
    found = re.search("[0-9]{2}", kopecks)
    assert found is not None
    return Decimal(total + group) + Decimal(found[0]) / 100


@pytest.mark.spec("VIS-7")
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "Ноль рублей 00 копеек"),
        ("1.01", "Один рубль 01 копейка"),
        ("2.22", "Два рубля 22 копейки"),
        ("11.11", "Одиннадцать рублей 11 копеек"),
        ("1001.00", "Одна тысяча один рубль 00 копеек"),
        ("2002.00", "Две тысячи два рубля 00 копеек"),
        ("21500.50", "Двадцать одна тысяча пятьсот рублей 50 копеек"),
        ("111000.00", "Сто одиннадцать тысяч рублей 00 копеек"),
        ("12000000.00", "Двенадцать миллионов рублей 00 копеек"),
        ("2345678.90", "Два миллиона триста сорок пять тысяч шестьсот семьдесят восемь рублей 90 копеек"),
        ("1000000000000.04", "Один триллион рублей 04 копейки"),
    ],
)
def test_an_amount_is_stated_with_the_right_forms(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


@given(st.decimals(0, MOST - 1, places=2))
def test_what_is_stated_is_what_a_reader_understands(amount: Decimal) -> None:
    words = amount_in_words(amount)
    assert read_back(words) == amount
    assert "  " not in words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000000"])
def test_what_no_paper_states_is_an_error(amount: str) -> None:
    with pytest.raises(ValueError, match="can't be stated"):
        amount_in_words(Decimal(amount))
