"""A projection's failure on an event, without personal data: messages of exceptions may quote rows."""

import re
import traceback
from pathlib import Path
from typing import Self

from psycopg import Error

QUOTED = re.compile(r"""'[^']*'|"[^"]*"|«[^»]*»|`[^`]*`|\([^)]*\)=\([^)]*\)""")
PERSONAL = re.compile(r"[^\x00-\x7F]+|\S*@\S*|\d{4,}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
LONGEST = 300


class UnknownTopicError(Exception):
    """Newer code wrote an event that may concern the projection and that this code can't read."""

    def __init__(self) -> None:
        super().__init__("written by newer code, which this program is to be updated to")


class FoldFailed(Exception):
    """A projection can't fold an event. `index`: of the event in the batch."""

    def __init__(self, projection: str, index: int, position: int, topic: str, reason: str) -> None:
        super().__init__(projection, index, position, topic, reason)
        self.projection, self.index, self.position, self.topic, self.reason = projection, index, position, topic, reason

    def __str__(self) -> str:
        return f"{self.projection}: {self.topic} at position {self.position}: {self.reason}"

    @classmethod
    def by(cls, cause: BaseException, projection: str, index: int, position: int, topic: str) -> Self:
        """From the exception that caused it."""
        return cls(projection, index, position, topic, reason(cause))


class DerivationFailed(Exception):
    """Derived rows can't be brought up to date or built. `table`: theirs; `cause`: what the declaration raised."""

    def __init__(self, table: str, cause: Exception) -> None:
        super().__init__(table, cause)
        self.table, self.cause = table, cause

    def __str__(self) -> str:
        return f"{self.table}: {reason(self.cause)}"


def reason(cause: BaseException) -> str:
    """Type, place and message of an exception; possible personal data is replaced by …"""
    if isinstance(cause, Error) and cause.sqlstate:
        facts = [cause.diag.message_primary or "", cause.diag.constraint_name or "", cause.diag.column_name or ""]
        message = f"{cause.sqlstate} {_redact(' '.join(filter(None, facts)))}"
    else:
        message = _redact(str(cause))
    frames = traceback.extract_tb(cause.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(cause).__name__}: {message}"[:LONGEST].rstrip(": ") + place


def _redact(message: str) -> str:
    return PERSONAL.sub("…", QUOTED.sub("…", message))
