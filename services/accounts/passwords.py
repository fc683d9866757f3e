"""Passwords by argon2id (RFC 9106). Hashing uses much memory and CPU on purpose, so only a few run at the same time."""

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
"""Without characters that are easily confused."""


AT_ONCE = 2
"""Hashes computed at the same time."""
WAITING = 6
"""Callers that may wait; further ones are refused, so that a flood of sign-ins can't occupy every thread."""


Verdict = Literal["wrong", "fits", "outdated"]


class TooBusyError(Exception):
    """Too many hashes are requested at once."""


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
        """Whether the password matches the hash; `outdated`: it does, but by an old form or lower costs than today's.

        Without a hash (an unknown user) the check takes as long and fails.
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
        """A deterministic digest of content and salt, as slow to guess from as a password's hash."""
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
