"""`denta nsi`: federal dictionaries, loaded from the official files."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]


def register(app: typer.Typer) -> None:
    nsi = typer.Typer(help="Справочники НСИ: МКБ-10 и другие.", no_args_is_help=True)
    nsi.command("load")(load)
    nsi.command("list")(list_)
    app.add_typer(nsi, name="nsi")


def load(
    file: Annotated[Path, typer.Argument(help="Официальный CSV, например 1.2.643.5.1.13.13.11.1005_2.27.csv.", exists=True)],
    oid: Annotated[str, typer.Option(help="OID; без него из имени файла.")] = "",
    version: Annotated[str, typer.Option(help="Номер версии; без него из имени файла.")] = "",
    title: Annotated[str, typer.Option(help="Название справочника.")] = "",
    data: Data = None,
) -> None:
    """Загрузить версию справочника."""
    from aggregates.federal_dictionaries import TITLES
    from services.cli import dictionary_files
    from services.process.installation import Installation
    from services.process.operator_error import OperatorError

    named_oid, named_version = dictionary_files.named(file)
    known_oid, known_version = oid or named_oid, version or named_version
    if not known_oid or not known_version:
        raise OperatorError("Не понять, какой это справочник: укажите --oid и --version.")
    called = title or TITLES.get(known_oid, known_oid)
    with Installation.here(data).denta(create=True) as denta:
        loaded, entries = dictionary_files.official(file, known_oid, known_version, called, denta.clock())
        count = denta.dictionaries.load(loaded, entries)
    print(f"{called}, версия {known_version}: " + ("уже загружена." if count is None else f"загружено записей – {count}."))


def list_(data: Data = None) -> None:
    """Загруженные версии."""
    from readmodels import dictionaries
    from services.cli.read_connection import reading

    with reading(data) as (_, connection):
        for version in dictionaries.versions(connection):
            print(f"{version.oid}\t{version.version}\t{version.entries}\t{version.title}")
