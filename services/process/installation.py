"""An installation: its data folder and its database, which is private unless the environment names a server.

DENTA_DATABASE_URL            address of a PostgreSQL database; without it, a private server in the data folder
DENTA_DATABASE_PASSWORD_FILE  a file with its password, if the address has none
DENTA_DATA                    the data folder; without it, `var` beside the code
DENTA_KAFKA                   brokers to publish to (`gateways/kafka_settings.py`)
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from psycopg.conninfo import make_conninfo

from commands.ports.private_server import PrivateServer
from services.bootstrap import Denta, fiscal_register, message_log, private_server
from services.process.database_wait import wait_for_database
from services.process.operator_error import OperatorError
from services.process.program_name import PROGRAM
from services.process.secret import secret

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    data: Path
    database_url: str = ""
    """Empty: the data folder's private server."""

    @classmethod
    def here(cls, data: Path | None = None) -> Self:
        """By the environment; `data` from the command line has priority."""
        folder = data or Path(os.environ.get("DENTA_DATA") or ROOT / "var")
        return cls(Path.cwd() / folder, _database_url())

    @property
    def files(self) -> Path:
        """The folder of uploaded files: shared by all machines that serve the API of one database."""
        return self.data / "files"

    def private_server(self, tell: Callable[[str], None] = print) -> PrivateServer | None:
        """The private server, which has to be started first; None if the database is on another server."""
        return None if self.database_url else private_server(self.data, tell)

    @contextmanager
    def denta(
        self, tell: Callable[[str], None] = print, *, create: bool = False, only_reads: bool = False, waits: bool = False
    ) -> Iterator[Denta]:
        """Denta over this installation's database, with its schema prepared; the private server runs inside.

        waits: wait for a database that isn't available yet, or has no free connection.
        only_reads: prepare nothing, so tables may be of older code; tables of newer code are refused.
        create: without it a folder that has no database is refused, since a mistyped folder would look like a loss of data.
        """
        server = self.private_server(tell)
        if server is not None:
            if not create and not server.exists():
                raise OperatorError(f"В папке {self.data} нет базы данных Denta. Проверьте --data или запустите {PROGRAM} serve.")
            server.start()
        try:
            url = server.database_url() if server else self.database_url
            log, register = message_log(os.environ), fiscal_register(os.environ)
            denta = Denta.open(url, files=self.files, message_log=log, fiscal_register=register)
            try:
                prepare = denta.require_known_schema if only_reads else denta.prepare_schema
                if waits:
                    wait_for_database(prepare, tell)
                else:
                    prepare()
                yield denta
            finally:
                denta.close()
        finally:
            if server is not None:
                server.stop()


def _database_url() -> str:
    url, password = os.environ.get("DENTA_DATABASE_URL", ""), secret("DENTA_DATABASE_PASSWORD")
    return make_conninfo(url, password=password) if url and password else url
