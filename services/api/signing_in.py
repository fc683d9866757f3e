"""Signing in: equal work and one answer for every failure, a second factor where it is on, and a limit on attempts (SEC-2)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from aggregates.user_access import UserAccess
from aggregates.values import WrongValue
from services.api.problems import Overloaded, SecondFactorRequired, TooManyAttempts, WrongCode, WrongCredentials
from services.passwords import Passwords, TooBusyError
from services.second_factor import recovery_hash, step_of, typed_code

if TYPE_CHECKING:
    from services.bootstrap import Denta

WINDOW = timedelta(minutes=15)
"""Failures older than this don't count any more."""
MOST_HERE = 5
"""Failures for one e-mail from one address, and of a signed-in user who is asked for the password again."""
MOST_FOR_EMAIL = 30
"""Failures for one e-mail from anywhere: high, so that a stranger can't easily lock a user out."""
MOST_FROM_ADDRESS = 60
"""Failures from one address for any e-mail: a whole clinic may sit behind one address."""
MOST_CODES = 10
"""Wrong codes of one user from anywhere: low, since only who knows the password comes so far."""


class SigningIn:
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

    def sign_in(self, email: str, password: str, code: str, *, address: str, device: str) -> str:
        """The token of a new session. WrongCredentials whatever was wrong of e-mail and password; only who knows both is told
        of the second factor: SecondFactorRequired, WrongCode. TooManyAttempts, Overloaded.
        """
        typed = email.strip().lower()
        here = f"here:{typed}:{address}"
        limits = {here: MOST_HERE, f"email:{typed}": MOST_FOR_EMAIL, f"address:{address}": MOST_FROM_ADDRESS}
        with self._attempt(limits):
            access = self._denta.clinic.find_access(typed)
            fits = self._fits(access.access_id if access else None, password)
            if access is None or not fits:
                raise WrongCredentials
            if self._denta.clinic.load(UserAccess, access.access_id).second_factor:
                if not code:
                    raise SecondFactorRequired
                self._check_code(access.access_id, code)
            token = self._denta.sessions.open(access.access_id, address=address, device=device, now=self._denta.clock())
        self._denta.sign_in_attempts.forget(here)
        return token

    def confirm(self, access_id: UUID, password: str, code: str | None = None) -> None:
        """A signed-in user proves anew who they are, before what guards the account is changed: by the password, and by a code
        of their second factor where it is asked for. WrongValue, TooManyAttempts, Overloaded.
        """
        again = f"again:{access_id}"
        with self._attempt({again: MOST_HERE}):
            if not self._fits(access_id, password):
                raise WrongValue("password", "Неверный пароль.")
        if code is not None:
            try:
                self._check_code(access_id, code)
            except WrongCode as wrong:
                raise WrongValue("code", wrong.sentence) from None
        self._denta.sign_in_attempts.forget(again)

    def _check_code(self, access_id: UUID, code: str) -> None:
        """A code of the app that wasn't used yet, or a recovery code, which is used up. WrongCode, and as `_attempt`."""
        key, factors = f"code:{access_id}", self._denta.second_factors
        with self._attempt({key: MOST_CODES}):
            typed, secret = typed_code(code), factors.secret(access_id, enabled=True)
            step = None if secret is None else step_of(secret, typed, self._denta.clock())
            by_app = step is not None and factors.use_step(access_id, step)
            if not by_app and not factors.use_recovery(access_id, recovery_hash(access_id, typed)):
                raise WrongCode
        self._denta.sign_in_attempts.forget(key)

    @contextmanager
    def _attempt(self, limits: dict[str, int]) -> Iterator[None]:
        """What is tried within: wrong, it counts against the limits. TooManyAttempts, and Overloaded where those under way
        would go beyond them.
        """
        now, attempts = self._denta.clock(), self._denta.sign_in_attempts
        attempt = attempts.begin(limits, now=now, since=now - WINDOW)
        if attempt == "limited":
            raise TooManyAttempts(retry_after=int(WINDOW.total_seconds()))
        if attempt == "busy":
            raise Overloaded
        try:
            yield
        except (WrongCredentials, WrongCode, WrongValue):
            attempts.failed(attempt)
            raise
        except BaseException:
            attempts.drop(attempt)
            raise
        attempts.drop(attempt)

    def _fits(self, access_id: UUID | None, password: str) -> bool:
        """Whether it is this user's password. None: of nobody, for the time that it takes. Overloaded."""
        credentials = self._denta.credentials
        hashed = None if access_id is None else credentials.password_hash(access_id)
        try:
            verdict = self._passwords.check(hashed, password)
        except TooBusyError:
            raise Overloaded from None
        if verdict == "outdated" and access_id is not None and hashed is not None:
            with suppress(TooBusyError):  # another time
                credentials.rehash(access_id, hashed, self._passwords.hash(password))
        return verdict != "wrong"
