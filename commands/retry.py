"""Decide again where state moved between decision and save, and answer a repeated command with its stored receipt.

Every command is wrapped by `retried`. A person's own `If-Match` is never overridden: the handler passes it to
`clinic.load(expected=…)`, which refuses again by itself at the next try.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec

from aggregates.kernel import DomainError
from commands.context import Context, Receipt
from commands.ports.clinic import ClaimMoved, Clinic, SaveConflict

TRIES = 6
"""The first decision and at most five more, the last of them while nobody else writes: it can't come too late."""

P = ParamSpec("P")
Command = Callable[Concatenate[Clinic, Context, P], Receipt]


def retried(command: Command[P]) -> Command[P]:
    """The command, carried out once however often it is asked, decided on fresh state before it is refused."""

    @wraps(command)
    def execute(clinic: Clinic, ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> Receipt:
        for tries_left in reversed(range(TRIES)):
            try:
                with nullcontext() if tries_left else clinic.write_lock():
                    return command(clinic, ctx, *args, **kwargs)
            except (ClaimMoved, SaveConflict):
                clinic.refresh_cached()
                if not tries_left:
                    raise
            except DomainError as refusal:
                if ctx.command_id is not None and (first := clinic.stored_receipt(ctx)) is not None:
                    return first
                if refusal.status >= 500 or not tries_left or not clinic.refresh_cached():
                    raise
        raise AssertionError  # the last try returns or raises

    return execute
