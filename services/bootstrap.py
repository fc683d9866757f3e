"""The composition root: Denta's gateways over one database, and a clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import structlog

from aggregates.kernel import Decoders
from commands.ports.attachments import Attachments as AttachmentsPort
from commands.ports.files import FileStore as FileStorePort
from commands.ports.fiscal_register import FiscalRegister
from commands.ports.message_log import MessageLog
from commands.ports.paper_press import PaperPress as PaperPressPort
from commands.ports.photographs import Photographs as PhotographsPort
from commands.ports.private_server import PrivateServer
from commands.ports.state_registry import StateRegistry
from commands.registry import AGGREGATES
from gateways import schema
from gateways.access_log import AccessLog
from gateways.atol_settings import AtolSettings
from gateways.attachments import Attachments
from gateways.background_work import BackgroundWork
from gateways.credentials import Credentials
from gateways.database import Database, fault_of
from gateways.dictionaries import Dictionaries
from gateways.embedded_postgres import EmbeddedPostgres
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic
from gateways.file_store import FileStore
from gateways.guards.conflicts import Conflict, conflicts
from gateways.guards.rebuild import rebuild_guards
from gateways.guards.registry import GUARDS
from gateways.idempotency_records import IdempotencyRecords
from gateways.import_jobs import ImportJobs
from gateways.kafka_settings import KafkaSettings
from gateways.known_places import KnownPlaces
from gateways.paper_press import PaperPress
from gateways.photographs import Photographs
from gateways.postgres_keeper import reason_of
from gateways.second_factors import SecondFactors
from gateways.sessions import Sessions
from gateways.sign_in_attempts import SignInAttempts

LOG = structlog.get_logger("denta.schema")
Clock = Callable[[], datetime]
file_fault = reason_of
"""The reason of an OSError in an operator's words."""
database_fault = fault_of
"""The domain error for a psycopg error on a connection outside the pool; None if the database is available and refused."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Denta:
    """One clinic's Denta over one database. Several may live in one process."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        files: Path | None,
        message_log: MessageLog | None,
        *,
        stands_back: bool,
        fiscal_register: FiscalRegister | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        """The present moment: an aware instant in UTC."""
        self.decoders: Decoders = decoders(AGGREGATES)
        """Stored topic → decoder of an event's JSON, for projections."""
        self.clinic = PostgresClinic(database, self.decoders)
        self.idempotency_records = IdempotencyRecords(database)
        self.credentials = Credentials(database)
        self.second_factors = SecondFactors(database)
        self.sessions = Sessions(database)
        self.sign_in_attempts = SignInAttempts(database)
        self.known_places = KnownPlaces(database)
        self.files: FileStorePort = FileStore(files)
        self.stands_back = stands_back
        """Whether processes of heavy work leave a busy processor to requests."""
        self.photographs: PhotographsPort = Photographs(stands_back=stands_back)
        self.attachments: AttachmentsPort = Attachments()
        self.paper_press: PaperPressPort = PaperPress(stands_back=stands_back)
        self.import_jobs = ImportJobs(database)
        self.access_log = AccessLog(database)
        self.dictionaries = Dictionaries(database)
        self.background_work = BackgroundWork(database)
        self.message_log = message_log
        """Where events are published; None if they aren't."""
        self.fiscal_register = fiscal_register
        """What prints receipts; None if none is connected."""

    @classmethod
    def open(
        cls,
        database_url: str,
        *,
        clock: Clock = utc_now,
        connections: int = 20,
        files: Path | None = None,
        message_log: MessageLog | None = None,
        fiscal_register: FiscalRegister | None = None,
        stands_back: bool = True,
    ) -> Self:
        """Denta over a database; connects when first needed, so the database may be down now.

        `files`: the folder of the clinic's files, which all machines that serve the API share. `message_log`,
        `fiscal_register`: see below.
        `stands_back`: whether pictures, workbooks and papers come last on a busy processor.
        """
        database = Database(database_url, most=connections)
        return cls(database, clock, files, message_log, stands_back=stands_back, fiscal_register=fiscal_register)

    def prepare_schema(self) -> None:
        """Bring the write side's tables and functions up to date; if they are, nothing is locked or changed.

        Raises DatabaseUnsuitable if the server or the database lacks what Denta needs, or newer code has prepared it.
        Guards that are new or have a new revision are filled from the log.
        """
        with self.database.pinned() as connection:
            if schema.prepare(connection, GUARDS, self.decoders, self.clock()):
                for conflict in conflicts(connection):
                    LOG.warning("values that should be unique", guard=conflict.guard, ids=conflict.ids)

    def require_known_schema(self) -> None:
        """For programs that only read; prepares nothing. Raises DatabaseUnsuitable if newer code has prepared the database."""
        with self.database.connection() as connection:
            schema.require_known(connection, GUARDS)

    def rebuild_guards(self) -> dict[str, int]:
        """Make the guards' tables again from the log, with writers blocked; guard → rows."""
        with self.database.pinned() as connection, connection.transaction():
            return rebuild_guards(connection, self.decoders, GUARDS)

    def guard_conflicts(self) -> list[Conflict]:
        """Objects that share a value which a guard wants unique."""
        with self.database.connection() as connection:
            return conflicts(connection)

    def close(self) -> None:
        self.paper_press.close()
        if self.message_log is not None:
            self.message_log.close()
        if self.fiscal_register is not None:
            self.fiscal_register.close()
        self.database.close()


def private_server(data: Path, tell: Callable[[str], None]) -> PrivateServer:
    """The server of a data folder. `tell` receives Russian lines about slow steps."""
    return EmbeddedPostgres(data, notify=tell)


def message_log(environment: Mapping[str, str]) -> MessageLog | None:
    """Kafka by the environment's settings; None without them. Raises WrongSetting."""
    settings = KafkaSettings.of(environment)
    if settings is None:
        return None
    from gateways.kafka_log import KafkaLog  # a large library that most programs don't need

    return KafkaLog(settings)


def fiscal_register(environment: Mapping[str, str]) -> FiscalRegister | None:
    """The cash register by the environment's settings; None without them. Raises WrongSetting."""
    settings = AtolSettings.of(environment)
    if settings is None:
        return None
    from gateways.atol_online import AtolOnline  # a client of HTTP, which most programs don't need

    return AtolOnline(settings)


def state_registry(address: str, guid: str, organisation: str, *, through_tunnel: bool = False) -> StateRegistry:
    """The federal registry by its platform's address and what the operator has issued. WrongSetting."""
    from gateways.n3_health.connection import RegistryConnection  # a client of HTTP, which most programs don't need
    from gateways.n3_health.n3_health import N3Health

    return N3Health(RegistryConnection.of(address, guid, organisation, through_tunnel=through_tunnel))


def prepare_schema(database_url: str) -> None:
    """Prepare a database once."""
    denta = Denta.open(database_url)
    try:
        denta.prepare_schema()
    finally:
        denta.close()
