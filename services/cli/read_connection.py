"""A read-only connection to read models and the log, for commands of the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.errors import UndefinedColumn, UndefinedTable

from services.bootstrap import Denta
from services.process.installation import Installation
from services.process.operator_error import OperatorError
from services.process.program_name import PROGRAM


@contextmanager
def reading(data: Path | None) -> Iterator[tuple[Denta, Connection[Any]]]:
    """Denta of this installation and a connection. Raises OperatorError if the tables don't exist yet or are outdated."""
    installation = Installation.here(data)
    with (
        installation.denta(lambda line: print(line, file=sys.stderr), only_reads=True) as denta,
        denta.database.pinned() as connection,
    ):
        try:
            yield denta, connection
        except UndefinedTable:
            ways = f"Запустите {PROGRAM} serve или постройте проекции: {PROGRAM} projections rebuild --all."
            raise OperatorError(f"В базе данных этого ещё нет. {ways}") from None
        except UndefinedColumn:
            ways = f"Запустите {PROGRAM} serve, и они обновятся: {PROGRAM} projections status."
            raise OperatorError(f"Проекции построены прежней версией Denta. {ways}") from None
