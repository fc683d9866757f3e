"""Where one Denta lives: its data folder and its database, the private one unless the environment names a server.

DENTA_DATABASE_URL            address of a PostgreSQL database; without it, a private server in the data folder
DENTA_DATABASE_PASSWORD_FILE  the file with its password, where the address has none
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
from services.bootstrap import Denta, message_log, private_server
from services.process.database_wait import wait_for_database
from services.process.operator_error import OperatorError
from services.process.program_name import PROGRAM
from services.process.secret import secret

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    data: Path
    database_url: str = ""
    """Empty: the private server of the data folder."""

    @classmethod
    def here(cls, data: Path | None = None) -> Self:
        """As the environment says; `data` given on the command line goes first."""
        folder = data or Path(os.environ.get("DENTA_DATA") or ROOT / "var")
        return cls(Path.cwd() / folder, _database_url())

    @property
    def files(self) -> Path:
        """The folder of uploaded files: shared by all machines that serve the API of one database."""
        return self.data / "files"

    def private_server(self, tell: Callable[[str], None] = print) -> PrivateServer | None:
        """The server to be started first; None where the database is on a server of somebody's own."""
        return None if self.database_url else private_server(self.data, tell)

    @contextmanager
    def denta(
        self, tell: Callable[[str], None] = print, *, create: bool = False, only_reads: bool = False, waits: bool = False
    ) -> Iterator[Denta]:
        """Denta over this installation's database with its schema, for a command: the private server runs meanwhile.

        waits: for a database that isn't there yet, or has no connection free.
        A command that only reads prepares nothing, so it may meet tables of older code; those of newer code are refused.
        Without `create`, a folder that has no database is refused: a mistyped one would look like a clinic that lost its data.
        """
        server = self.private_server(tell)
        if server is not None:
            if not create and not server.exists():
                raise OperatorError(f"В папке {self.data} нет базы данных Denta. Проверьте --data или запустите {PROGRAM} serve.")
            server.start()
        try:
            url = server.database_url() if server else self.database_url
            denta = Denta.open(url, files=self.files, message_log=message_log(os.environ))
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
