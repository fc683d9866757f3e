"""Settings of the cash register in the cloud (АТОЛ Онлайн): DENTA_FISCAL and related variables.

DENTA_FISCAL                  the service's address, for instance https://online.atol.ru/possystem/v4; without it no receipts are
                              printed. An address that ends with v5 speaks format 1.2, v4 format 1.05
DENTA_FISCAL_LOGIN            name to sign in with, and _PASSWORD or _PASSWORD_FILE
DENTA_FISCAL_GROUP            code of the group of registers
DENTA_FISCAL_INN              ИНН of the clinic as the register has it
DENTA_FISCAL_TAXATION         osn, usn_income, usn_income_outcome, esn or patent; not needed where the register knows one only
DENTA_FISCAL_EMAIL            the clinic's address, which receipts show as the sender's
DENTA_FISCAL_PLACE            place of settlement: the address of the site or the clinic
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, get_args
from urllib.parse import urlsplit

from commands.ports.outside import WrongSetting

Protocol = Literal["v4", "v5"]
Taxation = Literal["osn", "usn_income", "usn_income_outcome", "esn", "patent"]
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class AtolSettings:
    """Connection to the register, and what each receipt says of the clinic."""

    address: str
    protocol: Protocol
    login: str
    password: str = field(repr=False)
    group: str
    inn: str
    taxation: Taxation | None
    email: str
    place: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self | None:
        """From environment variables; None without DENTA_FISCAL. WrongSetting."""
        address = environment.get("DENTA_FISCAL", "").strip().rstrip("/")
        if not address:
            return None

        def given(name: str) -> str:
            if not (value := environment.get(f"DENTA_FISCAL_{name}", "").strip()):
                raise WrongSetting(f"Для кассы (DENTA_FISCAL) задайте и DENTA_FISCAL_{name}.")
            return value

        url, protocol = urlsplit(address), address.rpartition("/")[2]
        if protocol not in get_args(Protocol) or url.scheme not in {"http", "https"} or not url.hostname:
            raise WrongSetting(f"DENTA_FISCAL: нужен адрес, который кончается на /v4 или /v5, а не «{address}».")
        if url.scheme == "http" and url.hostname not in _LOCAL:
            raise WrongSetting("DENTA_FISCAL: по http пароль ушёл бы открыто; нужен адрес https.")
        taxation = environment.get("DENTA_FISCAL_TAXATION", "").strip() or None
        if taxation is not None and taxation not in get_args(Taxation):
            raise WrongSetting(f"DENTA_FISCAL_TAXATION: {', '.join(get_args(Taxation))}, а не «{taxation}».")
        inn = given("INN")
        if not (inn.isascii() and inn.isdigit() and len(inn) in {10, 12}):
            raise WrongSetting("DENTA_FISCAL_INN: ИНН – это 10 или 12 цифр.")
        return cls(
            address=address,
            protocol="v4" if protocol == "v4" else "v5",
            login=given("LOGIN"),
            password=_password(environment) or given("PASSWORD"),
            group=given("GROUP"),
            inn=inn,
            taxation=taxation,  # type: ignore[arg-type]  # one of them, see above
            email=given("EMAIL"),
            place=given("PLACE"),
        )


def _password(environment: Mapping[str, str]) -> str:
    if not (file := environment.get("DENTA_FISCAL_PASSWORD_FILE", "").strip()):
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise WrongSetting(f"DENTA_FISCAL_PASSWORD_FILE: файл {file} не читается ({error.strerror}).") from error
