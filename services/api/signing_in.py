"""Signing in: equal work and one answer for every failure, a second factor where it is on, and a limit on attempts (SEC-2)."""

from collections.abc import Iterable
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

    def sign_in(self, email: str, password: str, code: str, *, address: str, device: str) -> str:
        """The token of a new session. WrongCredentials whatever was wrong of e-mail and password; only who knows both is told
        of the second factor: SecondFactorRequired, WrongCode. TooManyAttempts, Overloaded.
        """
        typed = email.strip().lower()
        here = f"here:{typed}:{address}"
        limits = {here: MOST_HERE, f"email:{typed}": MOST_FOR_EMAIL, f"address:{address}": MOST_FROM_ADDRESS}
        self._require_few(limits)
        access = self._denta.clinic.find_access(typed)
        kept = self._denta.credentials.password_hash(access.access_id) if access else None
        fits = self._fits(kept, password)
        if access is None or kept is None or not fits:
            self._note_failure(limits)
            raise WrongCredentials
        if self._denta.clinic.load(UserAccess, access.access_id).second_factor:
            if not code:
                raise SecondFactorRequired
            self._check_code(access.access_id, code, also=limits)
        self._denta.sign_in_attempts.forget(here)
        if self._passwords.is_outdated(kept):
            self._denta.credentials.rehash(access.access_id, kept, self.hash(password))
        return self._denta.sessions.open(access.access_id, address=address, device=device, now=self._denta.clock())

    def confirm(self, access_id: UUID, password: str, code: str | None = None) -> None:
        """A signed-in user proves anew who they are, before what guards the account is changed: by the password, and by a code
        of their second factor where it is asked for. WrongValue, TooManyAttempts, Overloaded.
        """
        limits = {f"again:{access_id}": MOST_HERE}
        self._require_few(limits)
        if not self._fits(self._denta.credentials.password_hash(access_id), password):
            self._note_failure(limits)
            raise WrongValue("password", "Неверный пароль.")
        if code is not None:
            try:
                self._check_code(access_id, code)
            except WrongCode as wrong:
                raise WrongValue("code", wrong.sentence) from None
        self._denta.sign_in_attempts.forget(f"again:{access_id}")

    def _check_code(self, access_id: UUID, code: str, also: Iterable[str] = ()) -> None:
        """A code of the app that wasn't used yet, or a recovery code, which is used up. WrongCode, TooManyAttempts."""
        key, factors = f"code:{access_id}", self._denta.second_factors
        self._require_few({key: MOST_CODES})
        typed, secret = typed_code(code), factors.secret(access_id, enabled=True)
        step = None if secret is None else step_of(secret, typed, self._denta.clock())
        by_app = step is not None and factors.use_step(access_id, step)
        if not by_app and not factors.use_recovery(access_id, recovery_hash(access_id, typed)):
            self._note_failure({key, *also})
            raise WrongCode
        self._denta.sign_in_attempts.forget(key)

    def _fits(self, kept: str | None, password: str) -> bool:
        try:
            return self._passwords.fits(kept, password)
        except TooBusyError:
            raise Overloaded from None

    def _require_few(self, limits: dict[str, int]) -> None:
        since = self._denta.clock() - WINDOW
        if any(self._denta.sign_in_attempts.failures(key, since=since) >= most for key, most in limits.items()):
            raise TooManyAttempts(retry_after=int(WINDOW.total_seconds()))

    def _note_failure(self, keys: Iterable[str]) -> None:
        now = self._denta.clock()
        self._denta.sign_in_attempts.record_failure(keys, now=now, forget_before=now - WINDOW)
