"""Passwords by argon2id (RFC 9106). Hashing takes memory and a core on purpose, so only few are at work at a time."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

AT_ONCE = 2
"""Hashes computed at the same moment."""
WAITING = 6
"""Callers that may wait for their turn; more are sent away, so that a flood of sign-ins can't take every thread."""


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
        """The hash to keep, with its salt and costs."""
        with self._turn():
            return self._hasher.hash(password)

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed. Without a hash (an unknown user) it works as long, for nothing."""
        if kept is None:
            if not self._nobody:
                self._nobody = self.hash(secrets.token_urlsafe(16))
            self._verifies(self._nobody, password)
            return False
        return self._verifies(kept, password)

    def digest(self, content: bytes, salt: bytes) -> str:
        """The same for the same content and salt, and as slow to guess from as a password's hash."""
        hasher = self._hasher
        with self._turn():
            costs = hasher.time_cost, hasher.memory_cost, hasher.parallelism
            return hash_secret_raw(content, salt, *costs, hash_len=32, type=hasher.type).hex()

    def is_outdated(self, kept: str) -> bool:
        """Whether the costs have been raised since."""
        return self._hasher.check_needs_rehash(kept)

    def _verifies(self, kept: str, password: str) -> bool:
        with self._turn():
            try:
                return self._hasher.verify(kept, password)
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
