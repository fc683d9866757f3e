"""`denta journal`: exports the action journal to a workbook."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
First = Annotated[datetime | None, typer.Option("--from", formats=DAY_FORMATS, help="С какого дня, по часам клиники.")]
Last = Annotated[datetime | None, typer.Option("--to", formats=DAY_FORMATS, help="По какой день.")]


def register(app: typer.Typer) -> None:
    journal = typer.Typer(help="Журнал действий.", no_args_is_help=True)
    journal.callback()(lambda: None)
    journal.command("export")(export)
    app.add_typer(journal, name="journal")


def export(
    file: Annotated[Path, typer.Argument(help="Файл .xlsx, который будет записан.")] = Path("journal.xlsx"),
    first: First = None,
    last: Last = None,
    kind: Annotated[str | None, typer.Option(help="Вид действия, например moved или hours.")] = None,
    query: Annotated[str, typer.Option("--query", help="Слова, которые должны встретиться.")] = "",
    data: Data = None,
) -> None:
    """Выгрузить журнал действий в книгу Excel."""
    from readmodels.clinic import clinic_settings
    from readmodels.journal import JournalFilter
    from readmodels.words.registry import GLOSSARY
    from services.bootstrap import file_fault
    from services.cli.read_connection import reading
    from services.excel import journal
    from services.process.operator_error import OperatorError

    if kind is not None and kind not in GLOSSARY.actions:
        raise OperatorError(f"Такого вида действий нет. Есть: {', '.join(GLOSSARY.actions)}.")
    if first and last and last < first:
        raise OperatorError("Конец периода раньше его начала: поменяйте --from и --to местами.")
    filters = JournalFilter(first=first and first.date(), last=last and last.date(), kind=kind, query=query)
    with reading(data) as (denta, connection):
        zone, unfinished = clinic_settings.time_zone(connection), file.with_name(f"{file.name}.part")
        try:
            with unfinished.open("wb") as target:
                count = journal.write(connection, denta.decoders, filters, zone, target)
            unfinished.replace(file)
        except OSError as error:
            raise OperatorError(f"Не удалось записать {file}: {file_fault(error)}.") from None
        finally:
            unfinished.unlink(missing_ok=True)
    print(f"Записей: {count}, файл {file}")
