"""Read models and the log for a command of the terminal, which only reads."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.errors import UndefinedTable

from services import program
from services.bootstrap import Denta
from services.installation import Installation
from services.operator_error import OperatorError


@contextmanager
def reading(data: Path | None) -> Iterator[tuple[Denta, Connection[Any]]]:
    """Denta of this installation and a connection; one clear line where the read models were never built."""
    with Installation.here(data).denta(lambda line: print(line, file=sys.stderr)) as denta, denta.database.held() as connection:
        try:
            yield denta, connection
        except UndefinedTable:
            ways = f"Запустите {program.NAME} serve или постройте их: {program.NAME} projections rebuild --all."
            raise OperatorError(f"Проекции ещё не построены. {ways}") from None
