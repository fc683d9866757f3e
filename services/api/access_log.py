"""The access log of personal data: queries by patient, user and period, and records by pages that print or export."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from aggregates.people.patient import PatientCard
from commands.ports.database import DatabaseFull
from readmodels import access_log as access_log_read
from readmodels.words.registry import GLOSSARY
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import JOURNALS, WORKBOOKS
from services.api.http.problems import RightMissing
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.people.patient import require_card_open
from services.api.schemas import OF_REQUEST, Name, OpenPeriod, Page, Schema, Search, ShortText

routes = Routes("access_log")


LISTS = access_log_read.lists()
READS = GLOSSARY.reads
"""The names of users, of what they looked at and of what they filtered by."""

if TYPE_CHECKING:
    ListType = str
else:
    ListType = Literal[tuple(LISTS)]
    """Every declared list of personal data."""


@mirrors(access_log_read.AccessLogItem)
class AccessLogItem(Schema):
    pass


class AccessLogList(Schema):
    items: list[AccessLogItem]
    total: int


class AccessLogQuery(Page, OpenPeriod):
    user_id: UUID | None = None
    patient_id: UUID | None = None
    q: Search = ""


class AccessRecord(Schema):
    """What a page printed or exported: a list, by filter and number of rows, or a patient's card; never the data itself."""

    action: Literal["exported", "printed"]
    object_type: ListType
    filter: Annotated[dict[Name, Annotated[ShortText, OF_REQUEST]], Field(max_length=20, default_factory=dict), OF_REQUEST]
    count: Annotated[int, Field(ge=0, le=10_000_000), OF_REQUEST] | None = None
    patient_id: UUID | None = None


@routes.get(
    "/access-log",
    NeedsRight("journal"),
    answer=AccessLogList,
    reads=READS,
    live=False,
    heavy=JOURNALS,
)
def access_log(call: Call, query: Annotated[AccessLogQuery, Query()]) -> Any:
    """Who looked at whose personal data, newest first."""
    with call.reading() as conn:
        items, total = access_log_read.listing(conn, _filter(query), call.zone, query.page, query.size)
    return call.answer({"items": items, "total": total})


@routes.get(
    "/access-log/export.xlsx",
    NeedsRight("journal"),
    answer=bytes,
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    reads=READS,
    live=False,
    heavy=WORKBOOKS,
)
def export(call: Call, query: Annotated[AccessLogQuery, Query()]) -> Any:
    """The filtered entries as a workbook (page and size are ignored)."""
    from services.excel.workbooks import AccessLogBook

    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size"})
    call.record_access("exported", access_log_read.ACCESSED.type, filter=asked)
    return workbook(call, AccessLogBook(_filter(query)), "access-log.xlsx")


@routes.post(
    "/access-log",
    NeedsRight(*(right for accessed in LISTS.values() for right in accessed.rights)),
    answer=None,
    status=204,
    refusals=(404, 409),
)
def record(call: Call, body: AccessRecord) -> Any:
    """Record that a list or a card was printed or exported, by somebody who may see it."""
    needed = NeedsRight(*LISTS[body.object_type].rights)
    if not needed.is_granted_by(call.principal.rights):
        raise RightMissing(any_of=sorted(needed.any_of))
    if body.patient_id is not None:
        require_card_open(call, body.patient_id)
        call.clinic.cached(PatientCard, body.patient_id)
    shown = body.patient_id if body.object_type == PatientCard.TOPIC else None
    ctx = call.context("record_access")
    if call.clinic.stored_receipt(ctx) is None:
        call.record_access(
            body.action,
            body.object_type,
            object_id=shown,
            patient_id=body.patient_id,
            filter=body.filter or None,
            count=body.count,
        )
        with suppress(DatabaseFull):  # a full disk must not prevent reading
            call.clinic.note_command(ctx)
    return call.nothing({})


def _filter(query: AccessLogQuery) -> access_log_read.AccessLogFilter:
    return access_log_read.AccessLogFilter(
        user_id=query.user_id, patient_id=query.patient_id, query=query.q, first=query.first, last=query.last
    )
