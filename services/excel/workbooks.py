"""Workbooks for downloading, each made by a process of its own: `python -m services.excel.workbooks POLITENESS <job >book.xlsx`.

Writing a large workbook takes minutes of a processor. Beside requests it would take the interpreter from them and leave its
memory behind; as a process it comes last on the processor, and is killed when nobody waits for it any more, its query with it.
"""

import os
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

import msgspec
import structlog
from psycopg import Connection

from commands.ports.database import DatabaseUnavailable
from commands.ports.photographs import Ending
from readmodels.access_log import AccessLogFilter
from readmodels.excel import DocumentFilter
from readmodels.journal import JournalColumn, JournalFilter, JournalSort
from readmodels.reports.debts import DebtsShown, DebtsSort
from readmodels.reports.income import IncomeBy
from readmodels.reports.income_choice import IncomeChoice
from readmodels.reports.load import LoadOf
from readmodels.reports.periods import Days
from services.bootstrap import Denta
from services.process.supervision import child_command

SECONDS = 600
"""That one may take."""
POLITENESS = 5
"""How far its process stands back on a busy processor: a third of what others have."""
NO_DATABASE = 75
"""Its status when the database was away (EX_TEMPFAIL)."""
ROOT = Path(__file__).resolve().parents[2]

log = structlog.get_logger("denta.workbooks")


class TooLarge(Exception):
    """It wasn't whole in time."""


class JournalBook(msgspec.Struct, frozen=True, tag=True):
    """Filtered entries of the action journal; no columns: all."""

    filters: JournalFilter
    sort: JournalSort
    columns: list[JournalColumn]


class AccessLogBook(msgspec.Struct, frozen=True, tag=True):
    """Filtered looks at personal data."""

    filters: AccessLogFilter


class Archive(msgspec.Struct, frozen=True, tag=True):
    """Chosen catalogues and documents."""

    keys: list[str]
    documents: DocumentFilter


class Template(msgspec.Struct, frozen=True, tag=True):
    """What a file for loading is prepared from."""

    catalogue: str


class ImportErrors(msgspec.Struct, frozen=True, tag=True):
    """Rows of a loading that weren't loaded."""

    import_id: UUID


class CountSheet(msgspec.Struct, frozen=True, tag=True):
    """Goods to count in a warehouse; `book`: with what there should be before the moment."""

    warehouse_id: UUID
    moment: datetime
    document_id: UUID | None
    book: bool


class IncomeBook(msgspec.Struct, frozen=True, tag=True):
    """The report of income."""

    days: Days
    by: IncomeBy
    employee: str


class IncomeLinesBook(msgspec.Struct, frozen=True, tag=True):
    """The lines behind a figure of it."""

    choice: IncomeChoice


class PaidVisitsBook(msgspec.Struct, frozen=True, tag=True):
    """The visits of which something is paid."""

    days: Days


class DebtsBook(msgspec.Struct, frozen=True, tag=True):
    """Debts and prepayments at the end of a day."""

    day: date
    query: str
    shown: DebtsShown
    sort: DebtsSort
    phones: bool


class LoadBook(msgspec.Struct, frozen=True, tag=True):
    """Load of doctors or rooms."""

    days: Days
    of: LoadOf


class TurnoverBook(msgspec.Struct, frozen=True, tag=True):
    """Turnover of stock."""

    days: Days
    warehouse_id: UUID | None
    query: str


Job = (
    JournalBook
    | AccessLogBook
    | Archive
    | Template
    | ImportErrors
    | CountSheet
    | IncomeBook
    | IncomeLinesBook
    | PaidVisitsBook
    | DebtsBook
    | LoadBook
    | TurnoverBook
)


def make(job: Job, denta: Denta, target: BinaryIO, ending: Ending) -> None:
    """Have it made into a file. DatabaseUnavailable, TooLarge; RuntimeError where the process fails or is ended."""
    process = subprocess.Popen(
        child_command([sys.executable, "-m", "services.excel.workbooks", str(POLITENESS if denta.stands_back else 0)]),
        env={**os.environ, "DENTA_DATABASE_URL": denta.database.url, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=target,
    )
    with process, ending(process.kill):
        try:
            process.communicate(msgspec.json.encode(job), SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TooLarge from error
        finally:
            process.kill()
    if process.returncode == NO_DATABASE:
        raise DatabaseUnavailable
    if process.returncode != 0:
        raise RuntimeError(f"a workbook's process ended with {process.returncode}")


def write(job: Job, denta: Denta, connection: Connection[Any], target: BinaryIO) -> None:
    """Write it here."""
    from readmodels.clinic import clinic_settings
    from readmodels.stock import stock_book
    from services.excel import access_log, count_sheet, export, journal, report, reports, template
    from services.excel.catalogues import LOADABLE

    match job:
        case JournalBook(filters, sort, columns):
            journal.write(connection, denta.decoders, filters, clinic_settings.time_zone(connection), target, sort, columns)
        case AccessLogBook(filters):
            access_log.write(connection, filters, clinic_settings.time_zone(connection), target)
        case Archive(keys, documents):
            export.archive(connection, keys, target, documents)
        case Template(catalogue):
            chosen = LOADABLE[catalogue]
            with ZipFile(target, "w", ZIP_STORED) as packed, export.workbook(packed, f"Шаблон – {chosen.title}") as book:
                template.write(chosen, export.names(connection, [chosen]), book)
        case ImportErrors(import_id):
            found = denta.import_jobs.get(import_id)
            if found is not None:
                report.write(denta.import_jobs, found, connection, target)
        case CountSheet(warehouse_id, moment, document_id, book):
            goods = stock_book.booked_goods(connection, warehouse_id, moment, document_id)
            count_sheet.write(goods, target, book=book)
        case IncomeBook(days, by, employee):
            reports.write_income(connection, days, by, employee, target)
        case IncomeLinesBook(choice):
            reports.write_income_lines(connection, choice, target)
        case PaidVisitsBook(days):
            reports.write_paid_visits(connection, days, target)
        case DebtsBook(day, query, shown, order, phones):
            reports.write_debts(connection, day, query, shown, order, target, phones=phones)
        case LoadBook(days, of):
            reports.write_load(connection, days, of, target)
        case TurnoverBook(days, warehouse_id, query):
            reports.write_turnover(connection, days, warehouse_id, query, target)


def stand_back(politeness: int) -> None:
    """Leave the processor to others.

    Where the kernel shares it out by sessions (autogroup, as Debian's does), being nice counts inside of one session alone.
    """
    os.setsid()
    os.nice(politeness)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(politeness), encoding="ascii")


def main() -> int:
    from services.process import logs

    stand_back(int(sys.argv[1]))
    logs.configure()
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    denta = Denta.open(os.environ["DENTA_DATABASE_URL"])
    try:
        with os.fdopen(sys.stdout.fileno(), "r+b", closefd=False) as target, denta.database.dedicated() as connection:
            # a query ends with the process that asked for it, not with its last row
            connection.execute("SET client_connection_check_interval TO '1s'")
            write(job, denta, connection, target)
    except DatabaseUnavailable:
        return NO_DATABASE
    except Exception as error:
        log.exception("workbook", job=type(job).__name__, exc_info=error)
        return 1
    finally:
        denta.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
