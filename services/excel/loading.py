"""Working on loadings: check, load, take back, each to be gone on with by another process after a crash.

Each row's command has an id made of the loading and the row, so that a row that was carried out, but not noted, is answered as
at first. Rows go in small batches: a batch holds the clinic's write lock for some ten milliseconds, and bookings slip in between.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID, uuid5

import structlog

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess
from aggregates.kernel import DomainError
from aggregates.warnings import NeedsConfirmation
from commands.bulk import BulkItem, Outcome, attempt
from commands.context import Context
from commands.ports.clinic import VersionMoved
from commands.ports.database import DatabaseUnavailable
from commands.ports.imports import ImportJob, ImportRow, ImportRowDone
from projections import status
from services.bootstrap import Denta
from services.excel import export
from services.excel.archive import WrongFile
from services.excel.catalogues import LOADABLE, Loadable
from services.excel.check import Check

LOG = structlog.get_logger("denta.excel")
BATCH = 100
_AT_ONCE = 2000
"""Rows that are read together: whatever way the server takes to the first of them, it takes it seldom."""
MOST_ATTEMPTS = 5
"""Beginnings without progress after which a loading counts as failed."""
_BEHIND_SECONDS = 60.0
_CHANGED_SINCE = "Запись изменили после проверки файла. Загрузите файл ещё раз."
_CALLED_SO_SINCE = "После проверки файла появилась запись с таким именем. Загрузите файл ещё раз."
_CHANGED_LATER = "Запись изменили после загрузки. Верните прежние значения в карточке."
_ASKED_SINCE = "Загрузите файл ещё раз и решите, что с этим делать."
_ASKED_LATER = "Измените это в карточке: там визиты перечислены."
_NO_DELETING = "Созданную запись этого справочника удалить нельзя."
_BROKEN_OFF = "Загрузка несколько раз прервалась и остановлена. Сообщите администратору."

Stopping = Callable[[], bool]


def work(denta: Denta, stopping: Stopping = lambda: False) -> bool:
    """Work on all loadings that wait, unless somebody else does; whether it was us."""
    with denta.import_jobs.working() as mine:
        while mine and not stopping() and (job := denta.import_jobs.waiting()) is not None:
            _work_on(denta, job, stopping)
        return mine


def _work_on(denta: Denta, job: ImportJob, stopping: Stopping) -> None:
    if denta.import_jobs.attempt(job.id) > MOST_ATTEMPTS:
        _give_up(denta, job)
        return
    try:
        if job.state == "checking":
            _check(denta, job, stopping)
        else:
            _carry_out(denta, job, stopping, undo=job.state == "undoing")
    except DatabaseUnavailable:
        raise
    except Exception as error:
        LOG.exception("loading failed", loading=str(job.id), state=job.state, exc_info=error)
        _give_up(denta, job)


def _give_up(denta: Denta, job: ImportJob) -> None:
    """What has been loaded stays, and can be taken back."""
    if job.state == "importing":
        _note_what_was_done(denta, job, LOADABLE[job.catalogue])
    denta.import_jobs.move(job.id, [job.state], "failed", problem=_BROKEN_OFF)


def _check(denta: Denta, job: ImportJob, stopping: Stopping) -> None:
    jobs, catalogue = denta.import_jobs, LOADABLE[job.catalogue]
    jobs.forget_rows(job.id)
    ctx = Context(now=denta.clock(), command="check_excel", only_doctor_id=_only_doctor(denta, job))
    with jobs.file(job.id) as file, denta.database.connection() as conn:
        wait_for_read_models(denta)
        try:
            check = Check(catalogue, file, export.names(conn, [catalogue]), denta.clinic, ctx)
            for piece in check.pieces(conn):
                jobs.add_rows(job.id, piece.rows, checked=piece.total, unchanged=piece.unchanged)
                if stopping():
                    return
        except WrongFile as wrong:
            jobs.finish_check(job.id, "refused", wrong.sentence)
            return
    jobs.finish_check(job.id, "checked", ignored=check.ignored, notes=check.notes, headings=check.headings)


def wait_for_read_models(denta: Denta) -> None:
    """What was done before the file came has to be known to the check."""
    end = time.monotonic() + _BEHIND_SECONDS
    while time.monotonic() < end:
        with denta.database.connection() as conn:
            if all(one.lag == 0 for one in status.read(conn) if one.name in {"patients", "employees", "services", "catalogue"}):
                return
        time.sleep(0.05)


def _carry_out(denta: Denta, job: ImportJob, stopping: Stopping, *, undo: bool) -> None:
    jobs, catalogue = denta.import_jobs, LOADABLE[job.catalogue]
    jobs.count_work(job.id, undo=undo)
    if catalogue.by_name and not undo:
        wait_for_read_models(denta)
    for piece in _pieces(denta, job, catalogue, undo=undo):
        rows = piece if undo else _without_known(denta, job, catalogue, piece)
        for start in range(0, len(rows), BATCH):
            if stopping():
                return
            batch = rows[start : start + BATCH]
            jobs.note_done(job.id, (_take_back if undo else _load)(denta, job, catalogue, batch), undo=undo)
    if not stopping():
        jobs.move(job.id, [job.state], "undone" if undo else "imported")


def _pieces(denta: Denta, job: ImportJob, catalogue: Loadable, *, undo: bool) -> Iterator[list[ImportRow]]:
    """The rows that are left, in the order in which they are done. Those with a unique value of their own come first, so that no
    number is drawn for one row that another one names.
    """
    for naming in dict.fromkeys(["" if undo else catalogue.unique, ""]):
        reached = None
        while rows := denta.import_jobs.next_rows(job.id, _AT_ONCE, undo=undo, naming=naming, beyond=reached):
            reached = rows[-1].row
            yield rows


def _note_what_was_done(denta: Denta, job: ImportJob, catalogue: Loadable) -> None:
    """Of the batch in which a loading failed: it may have been carried out in part, and is to be taken back as well."""
    rows = next(_pieces(denta, job, catalogue, undo=False), [])[:BATCH]
    if not rows:
        return
    wait_for_read_models(denta)
    meant = {row.row: _object_id(job, row) for row in rows}
    with denta.database.connection() as conn:
        found = catalogue.source.by_ids(conn, meant.values())
    done = []
    for row in rows:
        known, creates = found.get(meant[row.row]), row.effective_kind == "create"
        as_asked = known is not None and (creates or row.edits.items() <= known.card.items())
        if known is not None and as_asked and known.version == (1 if creates else row.version + 1):
            done.append(ImportRowDone(row.row, "created" if creates else "edited", known.version))
    if done:
        denta.import_jobs.note_done(job.id, done, undo=False)


def _without_known(denta: Denta, job: ImportJob, catalogue: Loadable, rows: list[ImportRow]) -> list[ImportRow]:
    """The rows without those that would create somebody who has come by another way since the check (XLS-4)."""
    names = {
        row.row: catalogue.source.form(catalogue.title_of(row.fields))
        for row in rows
        if row.kind == "create" and catalogue.by_name
    }
    with denta.database.connection() as conn:
        found = catalogue.source.by_names(conn, set(names.values())) if names else {}
    own = {_created_id(job, row) for row in (*(row.row for row in rows), *(denta.import_jobs.created(job.id) if found else ()))}
    known = {name for name, called_so in found.items() if any(one.id not in own for one in called_so)}
    refused = [ImportRowDone(row, "refused", 0, _CALLED_SO_SINCE) for row, name in names.items() if name in known]
    if refused:
        denta.import_jobs.note_done(job.id, refused, undo=False)
    late = {one.row for one in refused}
    return [row for row in rows if row.row not in late]


def _created_id(job: ImportJob, row: int) -> UUID:
    return uuid5(job.id, f"row {row}")


def _object_id(job: ImportJob, row: ImportRow) -> UUID:
    """Of what the row creates or edits."""
    return _created_id(job, row.row) if row.effective_kind == "create" or row.object_id is None else row.object_id


def _load(denta: Denta, job: ImportJob, catalogue: Loadable, rows: Sequence[ImportRow]) -> list[ImportRowDone]:
    items = []
    for row in rows:
        creates = row.effective_kind == "create"
        items.append(
            BulkItem(
                _context(denta, job, "load_from_excel", row.row, row.accepted),
                _object_id(job, row),
                row.fields if creates else row.edits,
                0 if creates else row.version,
            )
        )
    outcomes = catalogue.loader.execute(denta.clinic, items)
    return [_done(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]


def _done(row: ImportRow, outcome: Outcome) -> ImportRowDone:
    if isinstance(outcome, DomainError):
        return ImportRowDone(row.row, "refused", 0, _sentence(outcome, _CHANGED_SINCE, _ASKED_SINCE))
    return ImportRowDone(row.row, "created" if row.effective_kind == "create" else "edited", outcome.version)


def _take_back(denta: Denta, job: ImportJob, catalogue: Loadable, rows: Sequence[ImportRow]) -> list[ImportRowDone]:
    done: dict[int, Outcome | str] = {}
    edited = [row for row in rows if row.done == "edited" and row.object_id is not None]
    items = [
        BulkItem(_context(denta, job, "undo_load_from_excel", row.row), row.object_id, row.before, row.done_version)
        for row in edited
        if row.object_id is not None
    ]
    done.update(zip((row.row for row in edited), catalogue.loader.execute(denta.clinic, items), strict=True))
    for row in rows:
        if row.done == "created":
            done[row.row] = _delete(denta, job, catalogue, row)
    return [_taken_back(row, done[row.row]) for row in rows]


def _delete(denta: Denta, job: ImportJob, catalogue: Loadable, row: ImportRow) -> Outcome | str:
    delete = catalogue.loader.delete
    if delete is None:
        return _NO_DELETING
    ctx = _context(denta, job, "undo_load_from_excel", row.row)
    return attempt(lambda: delete(denta.clinic, ctx, _created_id(job, row.row), row.done_version))


def _taken_back(row: ImportRow, outcome: Outcome | str) -> ImportRowDone:
    if isinstance(outcome, str):
        return ImportRowDone(row.row, "kept", 0, outcome)
    if isinstance(outcome, DomainError):
        return ImportRowDone(row.row, "kept", 0, _sentence(outcome, _CHANGED_LATER, _ASKED_LATER))
    return ImportRowDone(row.row, "undone")


def _sentence(refusal: DomainError, moved: str, asked: str) -> str:
    if isinstance(refusal, NeedsConfirmation):
        return " ".join([*(warning["sentence"] for warning in refusal.facts["warnings"]), asked])
    return moved if isinstance(refusal, VersionMoved) else refusal.sentence


def _only_doctor(denta: Denta, job: ImportJob) -> UUID | None:
    """Whose visits alone the author of the loading may see; None: everybody's."""
    if job.user_id is None:
        return None
    rights_set_id = denta.clinic.load(UserAccess, job.user_id).rights_set_id
    return job.employee_id if denta.clinic.load(RightsSet, rights_set_id).own_schedule_only else None


def _context(denta: Denta, job: ImportJob, command: str, row: int, accepted: frozenset[str] = frozenset()) -> Context:
    """`accepted`: warnings that were decided about; of others a loading can't ask."""
    return Context(
        now=denta.clock(),
        command=command,
        user_id=job.user_id,
        employee_id=job.employee_id,
        accepted=accepted,
        address=job.address,
        correlation_id=str(job.id),
        command_id=command_id(job.id, command, row),
    )


def command_id(import_id: UUID, command: str, row: int) -> UUID:
    """Of the command of one row: the same at every attempt."""
    return uuid5(import_id, f"{command} {row}")
