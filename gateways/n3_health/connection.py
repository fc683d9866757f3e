"""How to reach the platform: its address, the clinic's identifier there, and the token, which is shown nowhere."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import httpx2

from commands.ports.outside import WrongSetting

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST = 200
_ADDRESS = "Адрес ЕГИСЗ: нужен адрес вида https://…/emk, без имени службы в конце."


@dataclass(frozen=True)
class RegistryConnection:
    address: str
    """Without the services' names, such as https://b2b.n3health.ru/emk."""
    guid: str = field(repr=False)
    """The access token of the clinic's system."""
    organisation: str
    """IdLpu."""

    @classmethod
    def of(cls, address: str, guid: str, organisation: str, *, through_tunnel: bool = False) -> Self:
        """`through_tunnel`: http is allowed, since a VPN encrypts it. WrongSetting."""
        address, guid, organisation = address.strip().rstrip("/"), guid.strip(), organisation.strip()
        try:
            url = urlsplit(address)
            known = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0 and bool(httpx2.URL(address).host)
        except (ValueError, httpx2.InvalidURL) as error:
            raise WrongSetting(_ADDRESS) from error
        if not known or url.query or url.fragment or url.username or not (address.isprintable() and " " not in address):
            raise WrongSetting(_ADDRESS)
        if url.path.lower().endswith(".svc"):
            raise WrongSetting("Адрес ЕГИСЗ: уберите из него имя службы (…Service.svc).")
        if url.scheme == "http" and url.hostname not in _LOCAL and not through_tunnel:
            raise WrongSetting("Адрес ЕГИСЗ: по http данные пациентов ушли бы открыто; нужен https или защищённый канал (VPN).")
        for label, value in (("GUID", guid), ("IdLpu", organisation)):
            if not value or len(value) > _MOST or not value.isprintable():
                raise WrongSetting(f"{label}: его выдаёт оператор; от 1 до {_MOST} знаков.")
        return cls(address, guid, organisation)
