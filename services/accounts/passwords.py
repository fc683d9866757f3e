"""Passwords by argon2id (RFC 9106). Hashing takes memory and a core on purpose, so only few are at work at a time."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

from aggregates.access.password import forms, prepared

LETTERS = "23456789abcdefghijkmnpqrstuvwxyz"
"""None that are mistaken for another."""


AT_ONCE = 2
"""Hashes computed at the same moment."""
WAITING = 6
"""Callers that may wait for their turn; more are sent away, so that a flood of sign-ins can't take every thread."""


Verdict = Literal["wrong", "fits", "outdated"]


class TooBusyError(Exception):
    """Too many hashes are asked for."""


class Passwords:
    """Hashes and checks passwords: 46 MiB and one pass of one lane, about 40 ms of a core (OWASP's first choice)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1, type=Type.ID)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._nobody = ""

    def hash(self, password: str) -> str:
        """The hash to store, with its salt and costs, of the prepared password."""
        with self._turn():
            return self._hasher.hash(prepared(password))

    def check(self, hashed: str | None, password: str) -> Verdict:
        """Whether the password is the one that was hashed; `outdated`: it is, in another form or by lesser costs than today's.

        Without a hash (an unknown user) it works as long, for nothing.
        """
        form = self._form_that_fits(hashed, password)
        if hashed is None or form is None:
            return "wrong"
        return "fits" if form == prepared(password) and not self._hasher.check_needs_rehash(hashed) else "outdated"

    def _form_that_fits(self, hashed: str | None, password: str) -> str | None:
        if hashed is None and not self._nobody:
            self._nobody = self.hash(secrets.token_urlsafe(16))
        return next((form for form in forms(password) if self._verifies(hashed or self._nobody, form)), None)

    def digest(self, content: bytes, salt: bytes) -> str:
        """The same for the same content and salt, and as slow to guess from as a password's hash."""
        hasher = self._hasher
        with self._turn():
            costs = hasher.time_cost, hasher.memory_cost, hasher.parallelism
            return hash_secret_raw(content, salt, *costs, hash_len=32, type=hasher.type).hex()

    def _verifies(self, hashed: str, password: str) -> bool:
        with self._turn():
            try:
                return self._hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusyError
        try:
            with self._turns:
                yield
        finally:
            self._places.release()
