"""The command line `denta`: `python -m services.cli`, or `.venv/bin/denta` once `make` has run.

Each topic is a file `services/cli/<topic>.py` with `register(app)`, entered in `TOPICS` by its name. Their
top-level imports must be fast; a command imports what it needs.
"""

import sys
from importlib import import_module
from typing import Annotated

import typer

from commands.ports.denta_version import version
from services.cli.usage_error import explain
from services.process.operator_error import OperatorError
from services.process.program_name import PROGRAM

TOPICS = (
    "serve", "openapi", "clinic", "users", "history", "journal", "excel", "projections", "followers", "demo", "nsi",
    "registry_stand",
)  # fmt: skip


def _print_version(value: bool) -> None:
    if value:
        print(f"Denta {version()}")
        raise typer.Exit


ShowsVersion = Annotated[bool, typer.Option("--version", help="Версия программы.", is_eager=True, callback=_print_version)]


def build() -> typer.Typer:
    app = typer.Typer(
        name="denta",
        help="Denta: управление стоматологической клиникой.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root(shows_version: ShowsVersion = False) -> None:
        """Denta: управление стоматологической клиникой."""

    for topic in TOPICS:
        import_module(f"services.cli.{topic}").register(app)
    return app


def main() -> None:
    """Run one command. A command that fails prints one line to stderr, with exit status 1; a wrong command line 2."""
    try:
        status = build()(prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        print(explain(error), file=sys.stderr)
        sys.exit(error.exit_code)
    except typer.Abort:
        print("Прервано.", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        line = _line_for(error)
        if line is None:
            raise
        print(line, file=sys.stderr)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _line_for(error: Exception) -> str | None:
    """The line to print for an error; None for an unexpected one."""
    import psycopg

    from aggregates.kernel import DomainError
    from commands.ports.database import DatabaseUnsuitable
    from commands.ports.outside import WrongSetting
    from commands.ports.private_server import PrivateServerError
    from services.bootstrap import database_fault

    if isinstance(error, DomainError):
        return error.sentence
    if isinstance(error, psycopg.Error):  # from connections outside the pool, such as a rebuild's
        fault = database_fault(error)
        return fault.sentence if fault else None
    return str(error) if isinstance(error, OperatorError | PrivateServerError | DatabaseUnsuitable | WrongSetting) else None


if __name__ == "__main__":
    main()
