"""«Загрузка из MS Excel»: upload, dry run, decisions, loading, undo. The work itself is done outside of requests."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field, StrictInt

from aggregates.kernel import DomainError
from commands.ports.imports import ImportJob, ImportRow, ImportRowError, ImportState
from readmodels.access_log import AccessAction
from readmodels.people import employees
from services.api.excel_export import CATALOGUE_MODELS, IMPORTS, CatalogueKey, may, require
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import STORING, WORKBOOKS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Routes
from services.api.schemas import OF_REQUEST, Page, Ref, Schema, ShortText

if TYPE_CHECKING:
    from services.excel.catalogues import Loadable

routes = Routes("excel_import")
MOST_BYTES = 50_000_000
STATES = Literal["checking", "checked", "refused", "importing", "imported", "undoing", "undone", "failed"]
RowKind = Literal["create", "edit", "needs_decision", "refused"]
STORED_KINDS = {"needs_decision": "held"}
"""Kinds of rows that the database knows by another name."""
SHOWN_KINDS = {stored: shown for shown, stored in STORED_KINDS.items()}


class ImportMoved(DomainError):
    """The loading's present state doesn't allow the action. Facts: `state`."""

    code: ClassVar[str] = "import_moved"

    @property
    def sentence(self) -> str:
        return "Загрузка уже в другом состоянии. Обновите страницу."


class ImportCounts(Schema):
    """Rows by what the check found (`create` … `unchanged`), by decision, and by outcome.

    `same_name`: rows of `create` with a name that exists already. `not_undone`: rows that stay because of later changes.
    """

    create: int
    same_name: int
    edit: int
    needs_decision: int
    decided: int
    refused: int
    unchanged: int
    created: int
    edited: int
    failed: int
    undone: int
    not_undone: int


class ExcelImport(Schema):
    """One loading. `rows_total`: 0 until it is known; `ignored`: headings of columns that aren't loaded; `notes`: remarks on
    how the file was read.
    """

    id: UUID
    catalogue: CatalogueKey
    title: str
    state: STATES
    created_at: datetime
    author: Ref | None
    rows_done: int
    rows_total: int
    problem: str
    ignored: list[str]
    notes: list[str]
    counts: ImportCounts


class ExcelImports(Schema):
    items: list[ExcelImport]


class ExcelRowChange(Schema):
    label: str
    old: str
    new: str


class ExcelRowError(Schema):
    """`sheet`: as in `ExcelRow`; `row`: its number."""

    sheet: str
    row: int
    column: str
    reason: str


class ExcelRow(Schema):
    """One row of the file. `sheet`: "" in a file of one sheet. What a row that needs a decision may do: `editable`: change an
    existing object, `creatable`: create a new one.
    """

    sheet: str
    row: int
    kind: RowKind
    title: str
    object_id: UUID | None
    changes: list[ExcelRowChange]
    errors: list[ExcelRowError]
    editable: bool
    creatable: bool
    decision: Literal["edit", "create", "skip"] | None
    done: str | None
    undone: str | None
    reason: str


class ExcelRows(Schema):
    items: list[ExcelRow]


class RowsQuery(Page):
    kind: RowKind | Literal["errors"] = "create"


RowNumber = Annotated[StrictInt, Field(ge=1, le=1_048_576), OF_REQUEST]


class ExcelDecision(Schema):
    """`rows`: numbers of rows that need a decision, on the sheet; without them, all. `sheet`: as in `ExcelRow`."""

    decision: Literal["edit", "create", "skip"]
    sheet: Annotated[ShortText, OF_REQUEST] = ""
    rows: Annotated[list[RowNumber], Field(max_length=1000), OF_REQUEST] | None = None


@routes.post(
    "/excel/imports/{catalogue}",
    IMPORTS,
    answer=ExcelImport,
    status=201,
    upload=MOST_BYTES,
    heavy=STORING,
)
def upload(call: Call, catalogue: CatalogueKey) -> Any:
    """Upload a file of a catalogue and start its check. Content that isn't an Excel file is refused immediately."""
    from services.excel.archive import Archive
    from services.excel.reading import require_workbook

    require(call, catalogue)
    require_workbook(Archive(call.upload))
    principal, ctx = call.principal, call.context("check_excel")
    is_new = call.clinic.stored_receipt(ctx) is None
    job = ImportJob(
        id=call.command_id or uuid4(),
        catalogue=catalogue,
        state="checking",
        created_at=call.denta.clock(),
        user_id=principal.user_id,
        employee_id=principal.employee_id,
        address=call.address,
        file_digest=call.upload_digest,
    )
    call.denta.import_jobs.begin(
        job, call.upload
    )  # not inside `once`, which would block all writers while a large file is stored
    if is_new:
        call.clinic.note_command(ctx)
    return _answer(call, job.id)


@routes.get("/excel/imports", IMPORTS, answer=ExcelImports, reads=("employees", "catalogue"))
def imports(call: Call) -> Any:
    """The newest loadings of the last month, of the catalogues that the user may see."""
    visible = [key for key in get_args(CatalogueKey) if may(call, key)]
    return call.answer({"items": _described(call, call.denta.import_jobs.newest(visible))})


@routes.get("/excel/imports/{import_id}", IMPORTS, answer=ExcelImport, reads=("employees", "catalogue"))
def one(call: Call, import_id: UUID) -> Any:
    """One loading and how far it is."""
    return _answer(call, import_id)


@routes.get("/excel/imports/{import_id}/rows", IMPORTS, answer=ExcelRows, reads=CATALOGUE_MODELS)
def rows(call: Call, import_id: UUID, query: Annotated[RowsQuery, Query()]) -> Any:
    """Rows of a kind, in the order of the file."""
    job = _job(call, import_id)
    found = call.denta.import_jobs.rows(
        import_id, STORED_KINDS.get(query.kind, query.kind), (query.page - 1) * query.size, query.size
    )
    _record_access(call, job, "listed", sum(row.object_id is not None for row in found))
    return call.answer({"items": _rows(call, job, found)})


@routes.post("/excel/imports/{import_id}/decisions", IMPORTS, answer=ExcelImport)
def decide(call: Call, import_id: UUID, body: ExcelDecision) -> Any:
    """Decide about rows that may belong to somebody else with the same name."""
    with call.once("decide_excel_rows") as is_new:
        catalogue = _catalogue(_job(call, import_id))
        rows = None if body.rows is None else [catalogue.row(body.sheet, number) for number in body.rows]
        if is_new and not call.denta.import_jobs.decide(import_id, body.decision, rows):
            raise ImportMoved(state=_job(call, import_id).state)
    return _answer(call, import_id)


@routes.post("/excel/imports/{import_id}/start", IMPORTS, answer=ExcelImport)
def start(call: Call, import_id: UUID) -> Any:
    """«Импортировать»: load what the check found."""
    return _moved(call, import_id, ["checked"], "importing")


@routes.post("/excel/imports/{import_id}/undo", IMPORTS, answer=ExcelImport)
def undo(call: Call, import_id: UUID) -> Any:
    """Undo the whole loading, or what was loaded before it failed; rows with later changes stay and are listed."""
    return _moved(call, import_id, ["imported", "failed"], "undoing")


def _moved(call: Call, import_id: UUID, before: Sequence[ImportState], after: ImportState) -> Any:
    """Move the loading on from one of these states. Raises ImportMoved if it is in another one."""
    with call.once(f"{after}_excel") as is_new:
        _job(call, import_id)
        if is_new and not call.denta.import_jobs.move(import_id, before, after):
            raise ImportMoved(state=_job(call, import_id).state)
    return _answer(call, import_id)


@routes.get(
    "/excel/imports/{import_id}/errors.xlsx",
    IMPORTS,
    answer=bytes,
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    refusals=(409,),
    heavy=WORKBOOKS,
)
def errors(call: Call, import_id: UUID) -> Any:
    """Rows that weren't loaded, each with column and reason, as a workbook."""
    from services.excel.workbooks import ImportErrors

    job = _job(call, import_id)
    _record_access(call, job, "exported")
    return workbook(call, ImportErrors(job.id), "errors.xlsx")


def _record_access(call: Call, job: ImportJob, action: AccessAction, count: int | None = None) -> None:
    """Rows about existing patients show their cards' data, and reasons of refusals may do so."""
    if job.catalogue == "patients" and count != 0:
        call.record_access(action, "patient", filter={"excel_import": True}, count=count)


def _job(call: Call, import_id: UUID) -> ImportJob:
    """The loading. Raises NoSuchObject, or RightMissing if the user may not see its catalogue."""
    job = call.denta.import_jobs.get(import_id)
    if job is None:
        raise NoSuchObject(kind="excel_import", id=import_id)
    require(call, job.catalogue)
    return job


def _catalogue(job: ImportJob) -> "Loadable":
    from services.excel.catalogues import LOADABLE

    return LOADABLE[job.catalogue]


def _answer(call: Call, import_id: UUID) -> Any:
    return call.answer(_described(call, [_job(call, import_id)])[0])


def _described(call: Call, jobs: Sequence[ImportJob]) -> list[dict[str, Any]]:
    from services.excel.catalogues import LOADABLE

    with call.reading() as conn:
        authors = employees.names(conn, {job.employee_id for job in jobs if job.employee_id})
    return [
        {
            "id": job.id,
            "catalogue": job.catalogue,
            "title": LOADABLE[job.catalogue].title,
            "state": job.state,
            "created_at": job.created_at,
            "author": {"id": author.id, "name": author.name} if (author := authors.get(job.employee_id or job.id)) else None,
            "rows_done": job.rows_done,
            "rows_total": job.rows_total,
            "problem": job.problem,
            "ignored": job.ignored,
            "notes": job.notes,
            "counts": _counts(job, call.denta.import_jobs.counts(job.id)),
        }
        for job in jobs
    ]


def _counts(job: ImportJob, found: Mapping[str, int]) -> dict[str, int]:
    return {
        **{kind: found.get(kind, 0) for kind in ("create", "edit", "refused")},
        "same_name": found.get("again", 0),
        "needs_decision": found.get("held", 0),
        "decided": sum(count for key, count in found.items() if key.startswith("decided:")),
        "unchanged": job.unchanged,
        "created": found.get("done:created", 0),
        "edited": found.get("done:edited", 0),
        "failed": found.get("done:refused", 0),
        "undone": found.get("undone:undone", 0),
        "not_undone": found.get("undone:kept", 0),
    }


def _rows(call: Call, job: ImportJob, found: Sequence[ImportRow]) -> list[dict[str, Any]]:
    from services.excel import export
    from services.excel.columns import shown

    catalogue = _catalogue(job)
    with call.reading() as conn:
        names = export.names(conn, [catalogue])
    shown_rows = []
    for row in found:
        new = row.edits or row.fields
        sheet, number = catalogue.place(row.row)
        shown_rows.append(
            {
                "sheet": sheet,
                "row": number,
                "kind": SHOWN_KINDS.get(row.kind, row.kind),
                "title": row.title,
                "object_id": row.object_id,
                "changes": [
                    {
                        "label": column.heading,
                        "old": shown(column, row.before[field], names) if field in row.before else "",
                        "new": shown(column, new[field], names),
                    }
                    for field, column in catalogue.shown.items()
                    if field in new
                ],
                "errors": [_error(catalogue, error, row) for error in row.errors],
                "editable": row.object_id is not None,
                "creatable": not row.by_id,
                "decision": row.decision,
                "done": row.done,
                "undone": row.undone,
                "reason": row.reason,
            }
        )
    return shown_rows


def _error(catalogue: "Loadable", error: ImportRowError, row: ImportRow) -> dict[str, Any]:
    sheet, number = catalogue.place(error.row or row.row)
    return {"sheet": sheet, "row": number, "column": error.column, "reason": error.reason}
