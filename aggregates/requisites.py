"""Registration numbers of organisations: ИНН and ОГРН with check digits, КПП; БИК and accounts of banks with their key."""

import re

from aggregates.fields import Kind
from aggregates.values import WrongValue, text

_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVEN = (7, *_TEN)
_TWELVE = (3, *_ELEVEN)
"""Weights of the check digits: of ten digits for organisations, of twelve for people."""
MOST_WRITTEN = 30
"""Most characters of a number as typed, spaces included."""
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")


def inn(field: str, value: object) -> str:
    """An ИНН of ten or twelve digits with right check digits, or ""."""
    written = "".join(text(field, value, limit=MOST_WRITTEN).split())
    if not written:
        return ""
    if not (written.isascii() and written.isdigit() and len(written) in {10, 12}):
        raise WrongValue(field, "В ИНН должно быть 10 цифр (у организации) или 12 (у предпринимателя).")
    digits = [int(digit) for digit in written]
    checks = (_TEN,) if len(digits) == 10 else (_ELEVEN, _TWELVE)
    if any(_check_digit(digits, weights) != digits[len(weights)] for weights in checks) or not any(digits):
        raise WrongValue(field, "Такого ИНН не бывает: не сходятся контрольные цифры. Проверьте, нет ли опечатки.")
    return written


def kpp(field: str, value: object) -> str:
    """A КПП of nine characters, or ""."""
    written = "".join(text(field, value, limit=MOST_WRITTEN).upper().split())
    if written and _KPP.fullmatch(written) is None:
        raise WrongValue(field, "В КПП должно быть 9 знаков: цифры, на 5-м и 6-м месте – цифры или латинские буквы.")
    return written


def ogrn(field: str, value: object) -> str:
    """An ОГРН of thirteen digits or ОГРНИП of fifteen with the right check digit, or ""."""
    written = "".join(text(field, value, limit=MOST_WRITTEN).split())
    if not written:
        return ""
    if not (written.isascii() and written.isdigit() and len(written) in {13, 15}):
        raise WrongValue(field, "В ОГРН должно быть 13 цифр, в ОГРНИП – 15.")
    number, last = int(written[:-1]), int(written[-1])
    if number == 0 or number % (len(written) - 2) % 10 != last:
        raise WrongValue(field, "Такого ОГРН не бывает: не сходится контрольная цифра. Проверьте, нет ли опечатки.")
    return written


def person_inn(field: str, value: object) -> str:
    """The ИНН of a person: twelve digits, or ""."""
    written = inn(field, value)
    if written and len(written) != 12:
        raise WrongValue(field, "В ИНН человека 12 цифр.")
    return written


def bik(field: str, value: object) -> str:
    """The БИК of a bank: nine digits, or ""."""
    written = "".join(text(field, value, limit=MOST_WRITTEN).split())
    if written and not (written.isascii() and written.isdigit() and len(written) == 9):
        raise WrongValue(field, "В БИК банка 9 цифр.")
    return written


def account(field: str, value: object) -> str:
    """An account of twenty digits, or "". Its key depends on the bank: `require_keys`."""
    written = "".join(text(field, value, limit=MOST_WRITTEN).split())
    if written and not (written.isascii() and written.isdigit() and len(written) == 20):
        raise WrongValue(field, "В номере счёта 20 цифр.")
    return written


def require_keys(bank: str, settlement: str, correspondent: str) -> None:
    """WrongValue of an account that isn't one of the bank with this БИК: of `account`, `corr_account`, or `bik` where it is
    missing. Stored forms, "" where nothing is written; what isn't digits, or not enough, has been refused at its own field.
    """
    right_lengths = len(bank) in {0, 9} and {len(settlement), len(correspondent)} <= {0, 20}
    if not right_lengths or not (bank + settlement + correspondent).isdecimal():
        return
    if (settlement or correspondent) and not bank:
        raise WrongValue("bik", "Укажите БИК банка: по нему проверяются номера счетов.")
    if settlement and not _key_fits(bank[-3:], settlement):
        raise WrongValue("account", f"Счёт {_NOT_OF_BANK}")
    if correspondent and not _key_fits(f"0{bank[4:6]}", correspondent):
        raise WrongValue("corr_account", f"Корреспондентский счёт {_NOT_OF_BANK}")


_NOT_OF_BANK = "не подходит к этому БИК: не сходится контрольный ключ. Проверьте оба номера."


def _key_fits(bank: str, number: str) -> bool:
    """Digits of the bank's three and of the account, weighted 7, 1, 3: their last digits sum up to tens."""
    return sum(int(digit) * (7, 1, 3)[at % 3] % 10 for at, digit in enumerate(bank + number)) % 10 == 0


def _check_digit(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


INN = Kind(type="inn", check=lambda field, value, _: inn(field.name, value), limit=MOST_WRITTEN)
KPP = Kind(type="kpp", check=lambda field, value, _: kpp(field.name, value), limit=MOST_WRITTEN)
PERSON_INN = Kind(type="inn", check=lambda field, value, _: person_inn(field.name, value), limit=MOST_WRITTEN)
BIK = Kind(type="text", check=lambda field, value, _: bik(field.name, value), limit=MOST_WRITTEN)
ACCOUNT = Kind(type="text", check=lambda field, value, _: account(field.name, value), limit=MOST_WRITTEN)
OGRN = Kind(type="ogrn", check=lambda field, value, _: ogrn(field.name, value), limit=MOST_WRITTEN)
