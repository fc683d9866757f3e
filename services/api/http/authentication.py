"""Signing in: the same work and the same answer for every failure, a second factor if it is on, limited attempts (SEC-2).

Failures are counted by place. A browser that the user has signed in from has its own counter and ignores the others, so that
nobody can lock a user out from elsewhere; a network address that users sign in from ignores the counter of all places.
A new password resets its user's counters.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING
from uuid import UUID

from aggregates.access.user_access import UserAccess
from aggregates.values import WrongValue
from commands.ports.accounts import AttemptLimit, AttemptLimited, PasswordReplacedError, SecondFactorTurnedOnError
from services.accounts.passwords import Passwords, TooBusyError
from services.accounts.second_factor import recovery_hash, step_of, typed_code
from services.api.http.connections import network_of
from services.api.http.problems import Overloaded, SecondFactorRequired, TooManyAttempts, WrongCode, WrongCredentials

if TYPE_CHECKING:
    from services.bootstrap import Denta

MOST_HERE = 5
"""Failures for one e-mail from one place, and of a signed-in user who confirms with the password."""
MOST_FOR_EMAIL = 30
"""Failures for one e-mail from all unknown places together."""
MOST_FROM_ADDRESS = 60
"""Failures from one address for any e-mail; a whole clinic may share an address."""
MOST_CODES = 10
"""Wrong codes of one user from everywhere except known browsers: low, because the password was right already."""


@dataclass(frozen=True)
class Place:
    """Where somebody signs in: a network address, the browser's name in words, and the token that identifies
    the browser ("" without one).
    """

    address: str
    device: str
    browser: str


@dataclass(frozen=True)
class NewSession:
    """`token` of the new session; `browser`: the token that identifies the browser from now on."""

    token: str
    browser: str


class Authentication:
    """Checks passwords and codes, and opens sessions."""

    def __init__(self, denta: "Denta", passwords: Passwords | None = None) -> None:
        self._denta = denta
        self._passwords = passwords or Passwords()

    def hash(self, password: str) -> str:
        """The hash of a new password. Raises Overloaded."""
        try:
            return self._passwords.hash(password)
        except TooBusyError:
            raise Overloaded from None

    def slow_digest(self, content: bytes, salt: bytes) -> str:
        """A digest of content with a secret, for comparing. Raises Overloaded."""
        try:
            return self._passwords.digest(content, salt)
        except TooBusyError:
            raise Overloaded from None

    def sign_in(self, email: str, password: str, code: str, place: Place) -> NewSession:
        """Open a session. Raises WrongCredentials for a wrong e-mail or password without saying which; SecondFactorRequired or
        WrongCode only if both are right; TooManyAttempts, Overloaded.
        """
        typed, network, places = email.strip().lower(), network_of(place.address), self._denta.known_places
        access = self._denta.clinic.accesses.by_email(typed)
        access_id = access.access_id if access else None
        browser = place.browser if access_id is not None and places.is_browser(place.browser, access_id) else ""
        here = f"browser:{access_id}:{_hashed(browser)}" if browser else f"here:{typed}:{network}"
        limits = {here: AttemptLimit(MOST_HERE, access_id)}
        if not browser:
            limits[f"address:{network}"] = AttemptLimit(MOST_FROM_ADDRESS)
            if not places.is_address(network):
                limits[f"email:{typed}"] = AttemptLimit(MOST_FOR_EMAIL, access_id)
        with self._attempt(limits):
            set_at = self._check_password(access_id, password)
            if set_at is None or access_id is None:
                raise WrongCredentials
            needs_code = self._denta.clinic.load(UserAccess, access_id).second_factor
            if needs_code:
                if not code:
                    raise SecondFactorRequired
                self._check_code(access_id, code, browser)
            try:
                token = self._denta.sessions.open(
                    access_id, address=place.address, device=place.device, password_set_at=set_at, by_code=needs_code
                )
            except PasswordReplacedError:
                raise WrongCredentials from None
            except SecondFactorTurnedOnError:
                raise SecondFactorRequired from None
        self._denta.sign_in_attempts.forget(here)
        return NewSession(token, places.note(access_id, network, place.browser))

    def confirm(self, access_id: UUID, password: str, code: str | None = None) -> None:
        """Check a signed-in user's password, and a code if one is given, before their account's security is changed.
        Raises WrongValue, TooManyAttempts, Overloaded.
        """
        again = f"again:{access_id}"
        with self._attempt({again: AttemptLimit(MOST_HERE, access_id)}):
            if self._check_password(access_id, password) is None:
                raise WrongValue("password", "Неверный пароль.")
        if code is not None:
            try:
                self._check_code(access_id, code)
            except WrongCode as wrong:
                raise WrongValue("code", wrong.sentence) from None
        self._denta.sign_in_attempts.forget(again)

    def _check_code(self, access_id: UUID, code: str, browser: str = "") -> None:
        """Accept an unused code of the app, or a recovery code, which is then used up. Raises WrongCode, and as `_attempt` does.

        `browser`: the token of a browser that the user has signed in from.
        """
        key, factors = f"code:{access_id}:{_hashed(browser)}" if browser else f"code:{access_id}", self._denta.second_factors
        with self._attempt({key: AttemptLimit(MOST_CODES, access_id)}):
            typed, secret = typed_code(code), factors.secret(access_id, enabled=True)
            step = None if secret is None else step_of(secret, typed, self._denta.clock())
            by_app = step is not None and factors.use_step(access_id, step)
            if not by_app and not factors.use_recovery(access_id, recovery_hash(access_id, typed)):
                raise WrongCode
        self._denta.sign_in_attempts.forget(key)

    @contextmanager
    def _attempt(self, limits: Mapping[str, AttemptLimit]) -> Iterator[None]:
        """Wraps an attempt: a failure counts against the limits. Raises TooManyAttempts, or Overloaded if the attempts that are
        running now could exceed them.
        """
        attempts = self._denta.sign_in_attempts
        attempt = attempts.begin(limits)
        if isinstance(attempt, AttemptLimited):
            raise Overloaded if attempt.seconds is None else TooManyAttempts(retry_after=max(1, ceil(attempt.seconds)))
        try:
            yield
        except (WrongCredentials, WrongCode, WrongValue):
            attempts.failed(attempt)
            raise
        except BaseException:
            attempts.drop(attempt)
            raise
        attempts.drop(attempt)

    def _check_password(self, access_id: UUID | None, password: str) -> datetime | None:
        """When the password was set, if it is right, else None. Takes as long for an unknown user. Raises Overloaded."""
        credentials = self._denta.credentials
        stored = None if access_id is None else credentials.password(access_id)
        try:
            verdict = self._passwords.check(stored.hash if stored else None, password)
        except TooBusyError:
            raise Overloaded from None
        if verdict == "wrong" or access_id is None or stored is None:
            return None
        if verdict == "outdated":
            with suppress(TooBusyError):  # another time
                credentials.rehash(access_id, stored.hash, self._passwords.hash(password))
        return stored.set_at


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
