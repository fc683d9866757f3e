"""`denta status`: the state of all background work. `denta followers`: an operator's decisions about a stopped one."""

import getpass
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.process.program_name import PROGRAM

if TYPE_CHECKING:
    from services.background.status import WorkReport

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]
Name = Annotated[str, typer.Argument(help=f"Имя, см. {PROGRAM} status.")]
CONDITIONS = {
    "disabled": "выключен",
    "new": "ещё не начинал",
    "running": "работает",
    "not_led": "никто не ведёт",
    "waiting": "ждёт: внешняя сторона недоступна",
    "retrying": "повторяет: не получается",
    "stopped": "остановился",
    "outdated": "ждёт обновления программы",
}


def register(app: typer.Typer) -> None:
    app.command("status")(status)
    followers = typer.Typer(help="Следящие за журналом событий: что делать с остановившимся.", no_args_is_help=True)
    for command in (retry, skip, skipped, rewind):
        followers.command()(command)
    app.add_typer(followers, name="followers")


def status(data: Data = None) -> None:
    """Проекции и фоновая работа: кто отстал или остановился и почему. Код выхода 1, если кто-то остановился."""
    from services.background import status as background
    from services.cli import projections
    from services.cli.read_connection import reading
    from services.registry import WORK

    with reading(data) as (denta, connection):
        found = background.read(denta, connection, WORK)
        stopped = projections.show_status(connection)
        doubled = denta.guard_conflicts()
    print()
    projections.table(("фоновая работа", "событие", "отстаёт на", "это", "сделано", "состояние"), [_row(one) for one in found])
    for one in found:
        _explain(one)
    for conflict in doubled:
        print(f"\nОдно и то же у нескольких объектов ({conflict.guard}: {', '.join(conflict.values.values())}):")
        print("".join(f"  {PROGRAM} history {id_}\n" for id_ in conflict.ids), end="")
        print("  Пока их не различить, изменения в них не сохранятся. Измените или удалите лишнее.")
    if stopped or any(one.condition == "stopped" for one in found):
        raise typer.Exit(1)


def retry(name: Name, data: Data = None) -> None:
    """Попробовать снова сейчас же: после исправления причины."""
    from services.process.installation import Installation
    from services.process.operator_error import OperatorError

    _known(name)
    with Installation.here(data).denta() as denta:
        if not denta.background_work.retry(name):
            raise OperatorError(f"«{name}» не стоит: повторять нечего.")
    print(f"Пробует снова: {name}")


def skip(name: Name, data: Data = None) -> None:
    """Пропустить событие, на котором остановился: оно не будет обработано никогда. Кто и когда пропустил, записывается."""
    from services.process.installation import Installation
    from services.process.operator_error import OperatorError

    _known(name)
    with Installation.here(data).denta() as denta:
        skipped = denta.background_work.skip(name, _operator())
    if skipped is None:
        raise OperatorError(f"«{name}» не остановился на событии: пропускать нечего.")
    print(f"{name}: событие {skipped.position} ({skipped.topic}) пропущено, идёт дальше. Записано: {skipped.skipped_by}.")


def skipped(data: Data = None) -> None:
    """Какие события пропущены, кем и когда."""
    from services.cli import projections
    from services.cli.read_connection import reading

    with reading(data) as (denta, _):
        rows = [
            (one.follower, one.position, one.topic, f"{one.skipped_at:%d.%m.%Y %H:%M} UTC", one.skipped_by, one.error)
            for one in denta.background_work.skipped()
        ]
    if rows:
        projections.table(("кто", "событие", "вид", "когда", "кем", "почему стоял"), rows)
    else:
        print("Ничего не пропущено.")


def rewind(
    name: Name,
    to: Annotated[int, typer.Option(min=0, help="Номер события, после которого начать; 0 – с самого начала.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="Не спрашивать.")] = False,
    data: Data = None,
) -> None:
    """Сделать всё после события ещё раз: для новой темы Kafka или после восстановления из копии."""
    from services.process.installation import Installation
    from services.process.operator_error import OperatorError

    _known(name)
    if not yes:
        typer.confirm(f"«{name}» сделает ещё раз всё после события {to}. Продолжить?", abort=True)
    with Installation.here(data).denta() as denta:
        if not denta.background_work.rewind(name, to):
            raise OperatorError(f"«{name}» ещё не дошёл до события {to + 1} или не следит за журналом.")
    print(f"{name}: начинает после события {to}")


# --- inside --------------------------------------------------------------------------------------------------------------


def _known(name: str) -> None:
    from services.process.operator_error import OperatorError
    from services.registry import WORK

    if name not in (names := [work.name for work in WORK]):
        raise OperatorError(f"Фоновой работы «{name}» нет. Есть: {', '.join(names)}.")


def _operator() -> str:
    """The user of this terminal, as the machine knows them."""
    user = "?"
    with suppress(OSError, KeyError):  # e.g. a user id without a name, in a container
        user = getpass.getuser()
    return f"{user}@{socket.gethostname()}"


def _row(one: "WorkReport") -> tuple[str, ...]:
    state = one.state
    follows = state is not None and state.position is not None
    return (
        one.name,
        str(state.position) if state and follows else "",
        str(one.lag) if follows else "",
        f"{one.lag_seconds:.1f} с" if follows else "",
        str(state.events) if state else "",
        CONDITIONS[one.condition],
    )


def _explain(one: "WorkReport") -> None:
    state = one.state
    if state is None or not state.error:
        return
    at = f" перед событием {state.failed_position} ({state.failed_topic})" if state.failed_position else ""
    print(f"\n{one.name}: {CONDITIONS[state.status]}{at}\n  {state.error}")
    if state.status == "stopped":
        print(f"  После исправления: {PROGRAM} followers retry {one.name}")
        print(f"  Пропустить это событие: {PROGRAM} followers skip {one.name}")
    elif state.next_attempt_at is not None:
        print(f"  Попыток: {state.attempts}, следующая в {state.next_attempt_at:%H:%M:%S} UTC")
