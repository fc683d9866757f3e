"""Phone numbers: however people write one, it has one stored form, and has to exist in the numbering plan (PAT-1).

Russian numbers may start with +7, 8, 7 or none of these; numbers of other countries with +, 00 or 8~10. Stored numbers stay valid
when the plan changes.
"""

import re
from functools import cache, lru_cache

from aggregates.fields import Kind
from aggregates.values import HYPHENS, WrongValue, text

_SEPARATORS = re.compile(rf"[{HYPHENS}\s().~/]")
_CALLED = re.compile(r"\s*тел\.?:?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9]+")
_PREFIX_APART = re.compile(rf"\s*[78](?=[{HYPHENS}\s(.~])")
"""A separate 7 or 8 is a trunk prefix and not one of the ten digits."""
_ABROAD = re.compile(r"(?:\+|00|810(?=[0-9]{9}))([1-9][0-9]{6,14})")
MOST_WRITTEN = 40
"""Most characters of a number as typed."""
_EXAMPLE = "+7 912 345-67-89"
_FOREIGN = "Номер другой страны начните с + и кода страны, например +375 29 123-45-67."
_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


def phone(field: str, value: object) -> str:
    """A phone number in international form, such as "+79123456789", or "". WrongValue."""
    written = _CALLED.sub("", text(field, value, limit=MOST_WRITTEN), count=1)
    if not written:
        return ""
    bare = _SEPARATORS.sub("", written.replace("\uff0b", "+"))
    if _NUMBER.fullmatch(bare) is None:
        raise WrongValue(field, f"В номере телефона только цифры, например {_EXAMPLE}. {_FOREIGN}")
    if (national := _national(written, bare)) is not None:
        return _of_russia(field, national, typed_code=len(bare) > 10)
    abroad = _ABROAD.fullmatch(bare)
    if abroad is not None and (stored := _assigned(abroad[1])):
        return stored
    if abroad is not None and not abroad[1].startswith("7"):
        raise WrongValue(field, "В стране с таким кодом нет номера из этих цифр. Сверьте код и номер.")
    if len(bare) > 11 and abroad is None:
        raise WrongValue(field, f"Для России здесь слишком много цифр. {_FOREIGN}")
    raise WrongValue(field, f"В номере телефона должно быть 10 цифр после +7 или 8, например {_EXAMPLE}. {_FOREIGN}")


PHONE = Kind(type="phone", check=lambda field, value, _: phone(field.name, value), limit=MOST_WRITTEN)


def format_phone(stored: str) -> str:
    """«+7 912 345-67-89» for Russia and its neighbours; other numbers as they are stored."""
    match = _SHOWN.fullmatch(stored)
    if match is None:
        return stored
    country, number = match.groups()
    return f"{country} {number[:-7]} {number[-7:-4]}-{number[-4:-2]}-{number[-2:]}"


_SHOWN = re.compile(r"(\+7(?=\d{10}$)|\+(?:37[45]|380|99[2345678])(?=\d{8,9}$))(\d+)")


def _national(written: str, bare: str) -> str | None:
    """The ten digits of a number with the country code +7, however it starts; None for other numbers."""
    if bare.startswith("+7"):
        rest = bare[2:]
    elif len(bare) == 11 and bare[0] in "78":
        rest = bare[1:]
    elif bare[0] != "+" and not _PREFIX_APART.match(written):
        rest = bare
    else:
        return None
    return rest if len(rest) == 10 else None


def _of_russia(field: str, national: str, *, typed_code: bool) -> str:
    """`typed_code`: +7, 8 or 7 was typed. Without it the number has to be Russian, not of another country with +7."""
    if _russian().fullmatch(national):
        return f"+7{national}"
    if typed_code and (stored := _assigned(f"7{national}")):
        return stored
    raise WrongValue(field, f"Такого номера в России нет. Проверьте цифры, например {_EXAMPLE}. {_FOREIGN}")


@cache
def _russian() -> "re.Pattern[str]":
    """Matches all Russian numbers. The plan is loaded on first use, which takes a tenth of a second."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region("RU")
    patterns = (getattr(plan, kind).national_number_pattern for kind in _TYPES if getattr(plan, kind) is not None)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern))


@lru_cache(10_000)
def _assigned(digits: str) -> str:
    """A number with country code in stored form, without national prefixes; "" if the plan has no such number."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    try:
        number = parse(f"+{digits}")
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else ""
