"""The database server of an installation without a configured one."""

from collections.abc import Iterator
from typing import Protocol


class PrivateServerError(Exception):
    """The private server can't be used; the text is one Russian line for the operator."""


class PrivateServer(Protocol):
    """A PostgreSQL server of our own, on a socket in the data folder; it runs while at least one process uses it."""

    def exists(self) -> bool:
        """Whether the data folder holds a database."""

    def start(self) -> None:
        """Use the server; started if it isn't running. PrivateServerError."""

    def stop(self) -> None:
        """Release the server; it stops after its last user."""

    def follow(self) -> Iterator[str]:
        """Its state changes: `down REASON`, `starting`, `recovering SECONDS`, `ready`.

        Ends after `stop`, or when the keeper is gone (`start` starts another).
        """

    def database_url(self, name: str = ...) -> str:
        """The URL of one of its databases; without a name, the clinic's."""
