"""Signing in: equal work and one answer for every failure, a second factor where it is on, and a limit on attempts (SEC-2).

Failures are counted by place. A browser that the user signed in from before has a counter of its own and asks no other, so
that nobody locks a user out from elsewhere; a network address that users sign in from leaves out the count of all places.
A new password ends what its user was limited by.
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
"""Failures for one e-mail from one place, and of a signed-in user who is asked for the password again."""
MOST_FOR_EMAIL = 30
"""Failures for one e-mail from all places that nobody signs in from."""
MOST_FROM_ADDRESS = 60
"""Failures from one address for any e-mail: a whole clinic may sit behind one address."""
MOST_CODES = 10
"""Wrong codes of one user from all places but known browsers: low, since only who knows the password comes so far."""


@dataclass(frozen=True)
class Place:
    """Where somebody signs in: a network address, what the browser calls itself, in words, and the token by which it is known
    again ("" without one).
    """

    address: str
    device: str
    browser: str


@dataclass(frozen=True)
class NewSession:
    """`token` of the new session; `browser`: the token by which the browser is known from now on."""

    token: str
    browser: str


class Authentication:
    """Checks passwords and codes, and opens sessions."""

    def __init__(self, denta: "Denta", passwords: Passwords | None = None) -> None:
        self._denta = denta
        self._passwords = passwords or Passwords()

    def hash(self, password: str) -> str:
        """The hash of a new password. Overloaded."""
        try:
            return self._passwords.hash(password)
        except TooBusyError:
            raise Overloaded from None

    def slow_digest(self, content: bytes, salt: bytes) -> str:
        """Of what holds a secret, for comparing. Overloaded."""
        try:
            return self._passwords.digest(content, salt)
        except TooBusyError:
            raise Overloaded from None

    def sign_in(self, email: str, password: str, code: str, place: Place) -> NewSession:
        """Open a session. WrongCredentials whatever was wrong of e-mail and password; only who knows both is told of the second
        factor: SecondFactorRequired, WrongCode. TooManyAttempts, Overloaded.
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
            set_at = self._fits(access_id, password)
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
        """A signed-in user proves anew who they are, before what guards the account is changed: by the password, and by a code
        of their second factor where it is asked for. WrongValue, TooManyAttempts, Overloaded.
        """
        again = f"again:{access_id}"
        with self._attempt({again: AttemptLimit(MOST_HERE, access_id)}):
            if self._fits(access_id, password) is None:
                raise WrongValue("password", "Неверный пароль.")
        if code is not None:
            try:
                self._check_code(access_id, code)
            except WrongCode as wrong:
                raise WrongValue("code", wrong.sentence) from None
        self._denta.sign_in_attempts.forget(again)

    def _check_code(self, access_id: UUID, code: str, browser: str = "") -> None:
        """A code of the app that wasn't used yet, or a recovery code, which is used up. WrongCode, and as `_attempt`.

        `browser`: the token of one that the user is known to sign in from.
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
        """What is tried within: wrong, it counts against the limits. TooManyAttempts, and Overloaded where those under way
        would go beyond them.
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

    def _fits(self, access_id: UUID | None, password: str) -> datetime | None:
        """When this user's password was set, if it is this one. None: it isn't; and of nobody, for the time that it takes.
        Overloaded.
        """
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
