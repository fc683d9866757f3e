"""The signed-in user of a request, found by the session cookie with one cheap query per request.

One indexed query returns whether the session is valid, its user, and the version of the rights set; the rights come from the
cached aggregate if it has that version. So withdrawn access, another set or a changed set takes effect with the next request,
in every process (ACL-7).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.types import Scope

from aggregates.access.rights import opens_patient_cards, shows_patient_info
from aggregates.access.rights_set import RightsSet
from services.api.http.problems import SignedOut
from services.api.http.request_middleware import header

if TYPE_CHECKING:
    from services.bootstrap import Denta

SESSION, BROWSER = "denta_session", "denta_browser"
"""Names of cookies. Behind TLS they carry the prefix `__Host-`: browsers then accept them only from this host and only by TLS."""
COOKIE_MAX_AGE = 30 * 24 * 3600
"""Seconds; the server ends an idle session much earlier."""
BROWSER_COOKIE_MAX_AGE = 400 * 24 * 3600
"""The maximum that browsers allow."""
RIGHTS_CHANGE_WITH = ("accesses", "rights_sets")
"""Read models whose changes may be changes of what a user may."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


@dataclass(frozen=True)
class Principal:
    """The signed-in user with their current rights."""

    user_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    rights: frozenset[str]
    own_schedule_only: bool
    own_patients_only: bool

    @property
    def only_doctor_id(self) -> UUID | None:
        """The only doctor whose visits the user may see and change; None: all."""
        return self.employee_id if self.own_schedule_only else None

    @property
    def patients_of(self) -> UUID | None:
        """The only doctor whose patients' cards the user may see and change; None: all."""
        return self.employee_id if self.own_patients_only else None

    @property
    def shows_patient_info(self) -> bool:
        """Whether visits show the user more of their patients than the name. Every route that shows visits checks it."""
        return shows_patient_info(self.rights)

    @property
    def sees_patients_money(self) -> bool:
        """Whether the user sees what patients owe and have paid in advance."""
        return not self.rights.isdisjoint({"patient_finances", "payments"})

    @property
    def opens_patient_cards(self) -> bool:
        """Whether the user may open patients' cards, as far as `patients_of` goes. Every route that shows patients checks it."""
        return opens_patient_cards(self.rights)


class Principals:
    """Finds the users of sessions."""

    def __init__(self, denta: "Denta") -> None:
        self._denta = denta

    def of(self, token: str) -> Principal:
        """The user of a session, which stays alive by this. Raises SignedOut if it has ended."""
        found = self.of_all([token], seen=True).get(token)
        if found is None:
            raise SignedOut
        return found

    def of_all(self, tokens: Collection[str], *, seen: bool = False) -> dict[str, Principal]:
        """The users of the valid sessions among these, by one query."""
        present = [token for token in tokens if token]
        if not present:
            return {}
        standing = self._denta.sessions.standing(present, touch=seen)
        found = {}
        for token, session in standing.items():
            rights_set = self._rights_set(session.rights_set_id, session.rights_set_version)
            found[token] = Principal(
                session.access_id,
                session.employee_id,
                session.email,
                rights_set.id,
                frozenset(rights_set.rights),
                rights_set.own_schedule_only,
                rights_set.own_patients_only,
            )
        return found

    def _rights_set(self, rights_set_id: UUID, version: int) -> RightsSet:
        known = self._denta.clinic.cached(RightsSet, rights_set_id)
        return known if known.version == version else self._denta.clinic.load(RightsSet, rights_set_id)


def token_of(scope: Scope) -> str:
    """The session token in the request's cookie; "" without a well-formed one."""
    return _token(scope, _named(SESSION, secure=is_secure(scope)))


def old_token_of(scope: Scope) -> str:
    """Behind TLS: the token in the cookie without the prefix, which isn't accepted there any more."""
    return _token(scope, SESSION) if is_secure(scope) else ""


def browser_of(scope: Scope) -> str:
    """The token that identifies this browser at later sign-ins; "" without a well-formed one."""
    return _token(scope, _named(BROWSER, secure=is_secure(scope)))


def cookies_of_sign_in(session: str, browser: str, *, secure: bool) -> list[str]:
    """Values of `Set-Cookie`. Behind TLS the cookie without the prefix is deleted."""
    return [
        _cookie(_named(SESSION, secure=secure), session, COOKIE_MAX_AGE, secure=secure),
        *([_cookie(SESSION, "", 0, secure=True)] if secure else ()),
        _cookie(_named(BROWSER, secure=secure), browser, BROWSER_COOKIE_MAX_AGE, secure=secure),
    ]


def cookies_of_sign_out(*, secure: bool) -> list[str]:
    """Values of `Set-Cookie` that delete the session's cookie; the browser's own cookie stays."""
    return [_cookie(name, "", 0, secure=secure) for name in dict.fromkeys((_named(SESSION, secure=secure), SESSION))]


def is_secure(scope: Scope) -> bool:
    """Whether the client connected by TLS, to us or to a trusted proxy."""
    return scope.get("scheme") in {"https", "wss"}


def _named(name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else name


def _token(scope: Scope, name: str) -> str:
    for cookie in (header(scope, b"cookie") or "").split(";"):
        found, _, value = cookie.strip().partition("=")
        if found == name and _TOKEN.fullmatch(value):
            return value
    return ""


def _cookie(name: str, value: str, seconds: int, *, secure: bool) -> str:
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
