"""`denta projections`: the state of the read models, and an operator's work on them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.process.program_name import PROGRAM

if TYPE_CHECKING:
    from psycopg import Connection

    from projections.declaration import Projection
    from projections.rebuild import Progress, Rebuild, Rebuilder
    from projections.report import Differences
    from services.bootstrap import Denta

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]
Names = Annotated[list[str] | None, typer.Argument(help=f"Имена проекций, см. {PROGRAM} projections list.")]
Everything = Annotated[bool, typer.Option("--all", help="Все проекции, за один проход по журналу событий.")]
Samples = Annotated[int, typer.Option(min=0, help="Сколько примеров различий показать каждого вида.")]
Processes = Annotated[int, typer.Option(min=1, help="Сколько процессов читают журнал событий.")]
STAGES = {
    "fold": "события",
    "index": "индексы",
    "derive": "производные строки",
    "compare": "сравнение с прежней",
    "swap": "замена",
}


def register(app: typer.Typer) -> None:
    projections = typer.Typer(help="Проекции: состояние, перестроение, сравнение.", no_args_is_help=True)
    projections.command("list")(list_)
    for command in (status, rebuild, diff, resume, drop, tidy):
        projections.command()(command)
    app.add_typer(projections, name="projections")


def list_(data: Data = None) -> None:
    """Какие есть проекции и построенные прошлые состояния."""
    from projections.rebuild import past_tables
    from projections.registry import PROJECTIONS
    from services.cli.read_connection import reading

    with reading(data) as (_, connection):
        rows = [(p.name, p.revision, _keys(p), _topics(p)) for p in PROJECTIONS]
        table(("проекция", "редакция", "ключ", "события"), rows)
        if past := past_tables(connection):
            print(f"\nСостояния на прошлые моменты (удалить: {PROGRAM} projections drop ИМЯ):")
            for name in past:
                print(f"  {name}")


def status(data: Data = None) -> None:
    """Кто на каком месте журнала, кто отстал, кто остановился и почему. Код выхода 1, если кто-то остановился."""
    from services.cli.read_connection import reading

    with reading(data) as (_, connection):
        stopped = show_status(connection)
    if stopped:
        raise typer.Exit(1)


def show_status(connection: "Connection[Any]") -> bool:
    """Print the state of the read models; whether any has stopped."""
    from projections import positions
    from projections import status as read_models
    from projections.registry import PROJECTIONS

    revisions = {p.name: p.revision for p in PROJECTIONS}
    found, leftovers = read_models.read(connection), positions.leftovers(connection)
    rows = [(s.name, s.position, s.lag, f"{s.lag_seconds:.1f} с", _state(s, revisions.get(s.name))) for s in found]
    table(("проекция", "событие", "отстаёт на", "это", "состояние"), rows)
    if leftovers:
        tables = ", ".join(f"{name} ({size / 1_000_000:.1f} МБ)" for name, size in leftovers.items())
        print(f"\nОсталось от прерванных перестроений: {tables}.")
        print(f"  Это уберёт {PROGRAM} project, пока работает, или {PROGRAM} projections tidy.")
    failed = [s for s in found if s.status == "failed"]
    for one in failed:
        print(f"\n{one.name}: остановилась перед событием {one.failed_position} ({one.failed_topic})\n  {one.error}")
        print(f"  После исправления: {PROGRAM} projections resume {one.name}")
    return bool(failed)


def rebuild(
    names: Names = None,
    everything: Everything = False,
    until: Annotated[
        str,
        typer.Option(help="Построить рядом состояние на номер события или момент: 1200 или «23.11.2026 10:00»."),
    ] = "",
    report: Annotated[bool, typer.Option(help="Сравнить с прежней и показать, что изменилось.")] = True,
    samples: Samples = 5,
    processes: Processes = 2,
    data: Data = None,
) -> None:
    """Перестроить проекции из событий, пока прежние работают; затем заменить и показать, что изменилось."""
    with _denta(data) as denta:
        selected = _selected(names, everything)
        with _rebuilder(denta, processes) as rebuilder:
            if until:
                position, tables = rebuilder.build_past(selected, _moment(denta, until))
                made: Rebuild | None = None
            else:
                made = rebuilder.rebuild(selected, differences=report, samples=samples)
                position, tables = 0, []
        if made is None:
            print(f"Состояние на событие {position}: {', '.join(tables)}")
        else:
            _show(made, "перестроена")


def diff(
    names: Names = None,
    everything: Everything = False,
    samples: Samples = 5,
    values: Annotated[bool, typer.Option("--values", help="Показать и сами значения (персональные данные!).")] = False,
    processes: Processes = 2,
    data: Data = None,
) -> None:
    """Что изменило бы перестроение; ничего не меняет."""
    from services.cli.read_connection import reading

    with reading(data) as (denta, _):
        selected = _selected(names, everything)
        with _rebuilder(denta, processes) as rebuilder:
            made = rebuilder.diff(selected, samples=samples, values=values)
        _show(made, "сравнена")


def resume(names: Names = None, everything: Everything = False, data: Data = None) -> None:
    """Пустить остановившиеся проекции дальше, после исправления."""
    from projections import positions

    with _denta(data) as denta, denta.database.connection() as connection:
        known = positions.read(connection)
        ours = [p.name for p in _selected(names, everything) if p.name in known and known[p.name].revision <= p.revision]
        resumed = positions.resume(connection, ours)
    print(f"Идут дальше: {', '.join(resumed)}" if resumed else "Ни одна из них не стояла.")


def drop(table: Annotated[str, typer.Argument(help="Имя таблицы прошлого состояния.")], data: Data = None) -> None:
    """Удалить построенное состояние на прошлый момент."""
    from projections.rebuild import drop_past
    from services.process.operator_error import OperatorError

    with _denta(data) as denta, denta.database.connection() as connection:
        if not drop_past(connection, table):
            raise OperatorError(f"Таблицы прошлого состояния «{table}» нет. Какие есть: {PROGRAM} projections list.")
    print(f"Удалено: {table}")


def tidy(data: Data = None) -> None:
    """Убрать таблицы, оставшиеся от прерванных перестроений; идущие сейчас не задевает."""
    from projections import positions

    with _denta(data) as denta, denta.database.connection() as connection:
        dropped = positions.drop_leftovers(connection)
    print(f"Удалено: {', '.join(dropped)}" if dropped else "Убирать нечего.")


# --- inside --------------------------------------------------------------------------------------------------------------


@contextmanager
def _denta(data: Path | None) -> "Iterator[Denta]":
    from projections import positions
    from projections.registry import PROJECTIONS
    from services.process.installation import Installation

    with Installation.here(data).denta() as denta:
        with denta.database.connection() as connection:
            positions.prepare(connection, PROJECTIONS)
        yield denta


def _selected(names: Sequence[str] | None, everything: bool) -> "list[Projection[Any]]":
    from projections.registry import PROJECTIONS
    from services.process.operator_error import OperatorError

    known = {p.name: p for p in PROJECTIONS}
    if everything:
        return list(known.values())
    if unknown := [name for name in names or () if name not in known]:
        raise OperatorError(f"Проекции «{unknown[0]}» нет. Есть: {', '.join(known)}.")
    if not names:
        raise OperatorError("Назовите проекции или добавьте --all.")
    return [known[name] for name in dict.fromkeys(names)]


def _moment(denta: "Denta", text: str) -> int | datetime:
    """A position, or a moment by the clinic's clock unless it names a zone."""
    from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
    from services.cli.clinic_moment import parse_moment

    if text.isascii() and text.isdigit():
        return int(text)
    return parse_moment(text, denta.clinic.cached(ClinicSettings, SETTINGS_ID).time_zone, "номер события")


@contextmanager
def _rebuilder(denta: "Denta", processes: int) -> "Iterator[Rebuilder]":
    """A rebuilder with a progress bar; its errors become OperatorErrors."""
    import psycopg

    from projections.failure import DerivationFailed, FoldFailed, reason
    from projections.rebuild import BusyError, NewerError, Rebuilder, SwapRefusedError
    from projections.registry import PROJECTIONS
    from services.bootstrap import database_fault
    from services.process.operator_error import OperatorError

    with _progress() as report:
        try:
            yield Rebuilder(denta.database.connect, PROJECTIONS, denta.decoders, processes=processes, report=report)
        except BusyError as busy:
            raise OperatorError(f"Уже перестраиваются: {', '.join(busy.names)}. Дождитесь конца.") from None
        except NewerError as newer:
            raise OperatorError(
                f"Построены более новой версией Denta: {', '.join(newer.names)}. Обновите эту программу; они не тронуты."
            ) from None
        except SwapRefusedError as refused:
            raise OperatorError(
                f"Таблицу «{refused}» слишком долго держит чей-то запрос. Прежняя работает; повторите позже."
            ) from None
        except FoldFailed as failure:
            raise OperatorError(
                f"{failure.projection}: событие {failure.position} ({failure.topic}) не складывается: {failure.reason}. "
                "Прежняя работает."
            ) from None
        except DerivationFailed as failure:
            raise OperatorError(
                f"{failure.table}: производные строки не строятся: {reason(failure.cause)}. Прежние проекции работают."
            ) from None
        except psycopg.Error as error:
            if database_fault(error) is not None:
                raise
            raise OperatorError(f"База данных не приняла построенное: {reason(error)}. Прежние проекции работают.") from error
        except KeyboardInterrupt:
            raise OperatorError("Прервано. Прежние проекции работают, ничего не изменилось.") from None


@contextmanager
def _progress() -> "Iterator[Callable[[Progress], None]]":
    """A progress bar with speed and remaining time; nothing without a terminal."""
    import sys

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
        TextColumn("осталось"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), auto_refresh=False) as bar:
        tasks: dict[tuple[str, tuple[str, ...]], TaskID] = {}

        def finish(task: TaskID) -> None:
            total = bar.tasks[bar.task_ids.index(task)].total or 1
            bar.update(task, completed=total, total=total, refresh=True)

        def show(progress: "Progress") -> None:
            which = (progress.stage, progress.names if progress.stage in {"compare", "swap"} else ())
            if which not in tasks:
                for task in tasks.values():
                    finish(task)
                label = STAGES[progress.stage] + (f" {progress.names[0]}" if which[1] else "")
                tasks[which] = bar.add_task(label, total=progress.goal or 1, speed="")
            speed = bar.tasks[bar.task_ids.index(tasks[which])].speed
            text = f"{speed:,.0f}/с".replace(",", " ") if speed and progress.stage == "fold" else ""
            bar.update(tasks[which], completed=progress.done, total=progress.goal or 1, speed=text, refresh=True)

        yield show
        for task in tasks.values():
            finish(task)


def _show(made: "Rebuild", verb: str) -> None:
    for model in made.models:
        swapped = f", замена {model.swap_seconds * 1000:.0f} мс" if model.swap_seconds else ""
        print(f"{model.name}: {verb} до события {model.position}{swapped}")
        if model.differences is not None:
            _show_differences(model.differences)
    speed = f"{made.events / made.seconds:,.0f}".replace(",", " ")
    print(f"Всего {made.events} событий за {made.seconds:.1f} с, {speed} в секунду.")


def _show_differences(found: "Differences") -> None:
    old, new = found.positions
    if old != new:
        print(f"  прежняя стояла на событии {old}: различия включают и то, что было после него")
    _show_table(found, "")
    if found.derived is not None:
        _show_table(found.derived, f"{found.derived.table} (производная): ")


def _show_table(found: "Differences", name: str) -> None:
    """Differences of one table; `name` introduces the derived one."""
    if found.equal:
        print(f"  {name}строк {found.rows}, различий нет")
        return
    print(f"  {name}строк {found.rows}: добавлено {found.added}, убрано {found.removed}, изменено {found.changed}")
    for title, columns in (("новые столбцы", found.new_columns), ("убранные столбцы", found.removed_columns)):
        if columns:
            print(f"  {title}: {', '.join(columns)}")
    if found.columns:
        print("  изменены столбцы: " + ", ".join(f"{name} ({count})" for name, count in found.columns.items()))
    words = {"added": "добавлена", "removed": "убрана", "changed": "изменена"}
    for sample in found.samples:
        key = ", ".join(map(str, sample.key))
        print(f"    {words[sample.kind]} {key}" + (f": {', '.join(sample.columns)}" if sample.columns else ""))
        for column, (before, after) in (sample.values or {}).items():
            print(f"      {column}: {before!r} → {after!r}")


def _state(one: Any, revisions: int | None) -> str:
    if one.rebuilding:
        return f"перестраивается: {STAGES.get(one.rebuilding, one.rebuilding)} {one.rebuilt_share:.0%}"
    if one.status == "failed":
        return "остановилась"
    if revisions is not None and one.revision < revisions:
        return f"построена прежней программой: {PROGRAM} projections rebuild"
    return "работает" if one.led else f"никто не ведёт ({PROGRAM} project)"


def _keys(projection: "Projection[Any]") -> str:
    """The key's columns; after a semicolon those of the derived table, with its name."""
    return "; ".join(
        [", ".join(projection.table.key), *(f"{table.name}: {', '.join(table.key)}" for table in projection.tables[1:])]
    )


def _topics(projection: "Projection[Any]") -> str:
    kinds = sorted({event_class.TOPIC.partition(".")[0] for event_class in projection.handlers})
    return ", ".join(kinds)


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; numbers are right-aligned."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(head, justify="right" if head in {"событие", "отстаёт на", "это", "редакция", "сделано"} else "left")
    for row in rows:
        shown.add_row(*map(str, row))
    Console(soft_wrap=True).print(shown)
