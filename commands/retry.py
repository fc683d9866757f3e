"""Decide again where state moved between decision and save, and answer a repeated command with its stored receipt.

Every command is wrapped by `retried`. It never overrides a person's `If-Match`: the handler passes that to
`clinic.load(expected=…)`, which refuses again at the next try.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec

from aggregates.kernel import DomainError
from commands.context import Context, Receipt
from commands.ports.clinic import ClaimMoved, Clinic, SaveConflict

TRIES = 6
"""At most; the last try holds the write lock, so that it can't conflict."""

P = ParamSpec("P")
Command = Callable[Concatenate[Clinic, Context, P], Receipt]


def retried(command: Command[P]) -> Command[P]:
    """Make a command idempotent, and retry it on fresh state before it is refused."""

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
