"""Federal dictionaries, loaded by operators."""

from typing import Literal, Protocol

CodeFound = Literal["actual", "outdated", "unknown", "not_loaded"]
"""Of a code in a federal dictionary; `not_loaded`: there is no version of that dictionary."""


class Dictionaries(Protocol):
    def find_code(self, oid: str, code: str) -> CodeFound:
        """What the current version of a dictionary has for a code."""
