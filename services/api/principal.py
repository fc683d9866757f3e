"""Who asks: the session of the request's cookie, looked up anew at every request and yet cheap.

One indexed query tells whether the session still stands, whose it is, and at which version the rights set is; the rights
themselves come from the cached aggregate, if that version is the one it has. So a withdrawn access, another set or a
changed set works at the very next request, in every process (ACL-7).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.types import Scope

from aggregates.rights_set import RightsSet
from services.api.envelope import header
from services.api.problems import SignedOut

if TYPE_CHECKING:
    from services.bootstrap import Denta

COOKIE = "denta_session"
KEPT = 30 * 24 * 3600
"""Seconds that a browser keeps the cookie; the server ends a session that rests much earlier."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


@dataclass(frozen=True)
class Principal:
    """The signed-in user with the rights of this moment."""

    user_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    rights: frozenset[str]
    own_schedule_only: bool
    own_patients_only: bool

    @property
    def only_doctor_id(self) -> UUID | None:
        """Whose visits alone the user may see and change; None: everybody's."""
        return self.employee_id if self.own_schedule_only else None

    @property
    def patients_of(self) -> UUID | None:
        """Whose patients' cards alone the user may see and change; None: everybody's."""
        return self.employee_id if self.own_patients_only else None


class Principals:
    """Looks sessions up."""

    def __init__(self, denta: "Denta") -> None:
        self._denta = denta

    def of(self, token: str) -> Principal:
        """SignedOut unless the session stands. Being asked keeps it alive."""
        found = self.of_all([token], seen=True).get(token)
        if found is None:
            raise SignedOut
        return found

    def of_all(self, tokens: Collection[str], *, seen: bool = False) -> dict[str, Principal]:
        """The users of those sessions that stand, by one look at the database."""
        wanted = [token for token in tokens if token]
        if not wanted:
            return {}
        standing = self._denta.sessions.standing(wanted, now=self._denta.clock(), seen=seen)
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
    """The session's token of the request's cookie; "" without a well-formed one."""
    for cookie in (header(scope, b"cookie") or "").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE and _TOKEN.fullmatch(value):
            return value
    return ""


def session_cookie(token: str, *, secure: bool) -> str:
    """`Set-Cookie` of a new session."""
    return f"{COOKIE}={token}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"


def ended_cookie(*, secure: bool) -> str:
    """`Set-Cookie` that makes the browser forget the session."""
    return f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
