"""The database server of an installation that names no other."""

from collections.abc import Iterator
from typing import Protocol


class PrivateServerError(Exception):
    """The private server can't be used; the text is one Russian line for the operator."""


class PrivateServer(Protocol):
    """A PostgreSQL server of our own, on a socket in the data folder; it serves while at least one process uses it."""

    def exists(self) -> bool:
        """Whether the data folder holds a database."""

    def start(self) -> None:
        """Use it; started where nobody else did. PrivateServerError."""

    def stop(self) -> None:
        """Use it no longer; it ends with its last user."""

    def follow(self) -> Iterator[str]:
        """What becomes of it: `down REASON`, `starting`, `recovering SECONDS`, `ready`.

        Ends when the server was given back by `stop`, or when its keeper is gone (`start` brings another).
        """

    def database_url(self, name: str = ...) -> str:
        """Where a database of it is reached, of the clinic's unless another is named."""
