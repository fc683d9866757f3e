"""Files of visits."""

from aggregates.scheduling.visit_file import VisitFile
from projections.audience import Audience, OwnRows
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, sets
from readmodels.scheduling.visit_files import TABLE, VisitFileRow, of_doctors


def _attached(_: VisitFileRow | None, event: VisitFile.Attached) -> VisitFileRow:
    return VisitFileRow(
        file_id=event.originator_id,
        visit_id=event.visit_id,
        name=event.name,
        caption="",
        file=event.file,
        preview=event.preview,
        attached_on=event.timestamp,
        attached_by=event.attached_by,
        deleted=False,
        version=event.originator_version,
    )


VISIT_FILES = Projection(
    "visit_files",
    TABLE,
    revision=1,
    audience=Audience("calendar", "patients", own=OwnRows("own_schedule_only", of_doctors)),
    handlers={
        VisitFile.Attached: Own(_attached),
        **sets(VisitFile.Changed, lambda event: changed(event.changes)),
        **deletable(VisitFile),
    },
    one_stream=True,
)
