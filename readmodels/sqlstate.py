"""What an error of PostgreSQL means: every class of SQLSTATE is decided here for commands, queries and projections.

It is in this layer because both gateways and projections use it.
"""

from collections.abc import Mapping
from typing import Literal

import psycopg

Verdict = Literal["again", "busy", "away", "full", "fault"]
"""again   the transaction lost a race: an append is retried at once; otherwise like busy
busy    the server can't do it now, for example because of a lock or lack of memory: 503 with Retry-After
away    the connection or the server is lost, or read-only: 503; an append is retried over a new connection
full    the disk is full: 503; reading works
fault   the statement or its data is wrong: 500; a projection stops at the event
"""

CLASSES: Mapping[str, Verdict] = {
    "00": "fault",  # success
    "01": "fault",  # warning
    "02": "fault",  # no data
    "03": "fault",  # SQL statement not yet complete
    "08": "away",  # connection exception
    "09": "fault",  # triggered action exception
    "0A": "fault",  # feature not supported
    "0B": "fault",  # invalid transaction initiation
    "0F": "fault",  # locator exception
    "0L": "fault",  # invalid grantor
    "0P": "fault",  # invalid role specification
    "0Z": "fault",  # diagnostics exception
    "10": "fault",  # XQuery error
    "20": "fault",  # case not found: a claim of a guard that the function doesn't know
    "21": "fault",  # cardinality violation
    "22": "fault",  # data exception
    "23": "fault",  # integrity constraint violation
    "24": "fault",  # invalid cursor state
    "25": "fault",  # invalid transaction state
    "26": "fault",  # invalid SQL statement name
    "27": "fault",  # triggered data change violation
    "28": "away",  # invalid authorization: the operator's to mend
    "2B": "fault",  # dependent privilege descriptors still exist
    "2D": "fault",  # invalid transaction termination
    "2F": "fault",  # SQL routine exception
    "34": "fault",  # invalid cursor name
    "38": "fault",  # external routine exception
    "39": "fault",  # external routine invocation exception
    "3B": "fault",  # savepoint exception
    "3D": "away",  # there is no such database, or not yet
    "3F": "fault",  # invalid schema name
    "40": "again",  # transaction rollback: deadlock, serialization failure
    "42": "fault",  # syntax error, access rule violation, a table that isn't there
    "44": "fault",  # with check option violation
    "53": "busy",  # insufficient resources: connections, memory
    "54": "fault",  # program limit exceeded: a row that no index takes, a statement that is too complex
    "55": "fault",  # object not in prerequisite state
    "57": "away",  # operator intervention: shutdown, crash, still starting
    "58": "away",  # system error
    "72": "busy",  # snapshot too old
    "F0": "away",  # configuration file error: the operator's to mend
    "HV": "fault",  # foreign data wrapper error
    "P0": "fault",  # PL/pgSQL error
    "XX": "fault",  # internal error, corrupted data
}
STATES: Mapping[str, Verdict] = {
    "25006": "away",  # read-only: a standby, or a server that an operator keeps from changes
    "25P03": "away",  # the server has ended a session that was idle in a transaction
    "25P04": "away",  # or a transaction that took too long
    "40002": "fault",  # a deferred constraint
    "40003": "away",  # whether it was done isn't known
    "53100": "full",
    "55006": "busy",  # object in use
    "55P03": "busy",  # lock time-out: the caller has waited already
    "57014": "busy",  # cancelled, by a time-out of the server's or by an operator
}
"""States that differ from their class."""


def verdict(sqlstate: str) -> Verdict:
    """The verdict for a SQLSTATE; unknown classes are faults."""
    return STATES.get(sqlstate) or CLASSES.get(sqlstate[:2], "fault")


def verdict_of(error: psycopg.Error) -> Verdict:
    """The verdict for an error of the driver."""
    if error.sqlstate is not None:
        return verdict(error.sqlstate)
    lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return "away" if lost else "fault"


def sqlstate_of(error: BaseException | None) -> str | None:
    """The SQLSTATE of an error or its causes, for logging."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if isinstance(state, str) and state:
            return state
        error = error.__cause__ or error.__context__
    return None
