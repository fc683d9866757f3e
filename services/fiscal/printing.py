"""Background work that brings receipts to the cash register (FIN-5).

One process does it at a time. A receipt is handed over under the id of its attempt, so that a crash between the register's answer
and our note of it prints nothing twice: the register answers with the first one.
"""

from threading import Event as Flag
from uuid import uuid4

from aggregates.money.fiscal_receipt import PrintedSigns
from commands.context import Context
from commands.money import fiscal_receipt as commands
from commands.ports.fiscal_register import Awaited, FiscalRegister, NotPrinted, ReceiptRefused
from commands.ports.outside import OutsideAway
from readmodels.money.fiscal_receipts import UnfinishedReceipt, unfinished
from services.bootstrap import Denta

AT_ONCE = 20
MOST_AWAY = 3
"""Failed tries in one turn, after which the register is left alone for a while: each may wait for its answer long."""
PAUSE_SECONDS = 1.0
"""Between two questions: a register bears no more than one a second."""


def print_receipts(denta: Denta, stopping: Flag) -> int:
    """Take each unfinished receipt a step further; how many got there. OutsideAway if the register doesn't answer, after each was
    tried: one that it can't take holds up no other.
    """
    register = denta.fiscal_register
    if register is None:
        return 0
    with denta.database.connection() as connection:
        waiting = unfinished(connection, AT_ONCE)
    moved, away = 0, list[OutsideAway]()
    for one in waiting:
        if stopping.is_set():
            break
        try:
            moved += _step(denta, register, one)
        except OutsideAway as error:
            away.append(error)
            if len(away) == MOST_AWAY:
                break
        if one.state == "sent":
            stopping.wait(PAUSE_SECONDS)
    if away:
        raise away[0]
    return moved


def _step(denta: Denta, register: FiscalRegister, one: UnfinishedReceipt) -> int:
    def ctx(command: str) -> Context:
        return Context(now=denta.clock(), command=command, command_id=uuid4())

    try:
        if one.state == "waiting":
            register_id = register.hand_over(one.receipt, f"{one.id}/{one.attempt}")
            commands.note_handed_over(denta.clinic, ctx("note_handed_over"), one.id, one.attempt, register_id)
            return 1
        outcome = register.outcome(one.register_id)
    except ReceiptRefused as refused:
        if refused.blame == "settings":
            raise OutsideAway(f"cash register refuses the connection: {refused.code}") from refused
        commands.note_failed(denta.clinic, ctx("note_failed"), one.id, one.attempt, refused.code, refused.text)
        return 1
    match outcome:
        case Awaited():
            return 0
        case NotPrinted():
            commands.note_failed(denta.clinic, ctx("note_failed"), one.id, one.attempt, outcome.code, outcome.text)
        case PrintedSigns():
            commands.note_printed(denta.clinic, ctx("note_printed"), one.id, one.attempt, outcome)
    return 1
