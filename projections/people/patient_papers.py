"""Papers that were made for patients."""

from aggregates.people.patient_paper import PatientPaper
from projections.audience import Audience, OwnRows
from projections.declaration import Own, Projection
from projections.deletion import deletable
from readmodels.people.patient_papers import TABLE, PatientPaperRow, of_doctors


def _made(_: PatientPaperRow | None, event: PatientPaper.Made) -> PatientPaperRow:
    return PatientPaperRow(
        paper_id=event.originator_id,
        patient_id=event.patient_id,
        visit_id=event.visit_id,
        template_id=event.template_id,
        title=event.title,
        file=event.file,
        made_on=event.timestamp,
        deleted=False,
        version=event.originator_version,
    )


PATIENT_PAPERS = Projection(
    "patient_papers",
    TABLE,
    revision=1,
    audience=Audience("calendar", "patients", own=OwnRows("own_patients_only", of_doctors)),
    handlers={PatientPaper.Made: Own(_made), **deletable(PatientPaper)},
    one_stream=True,
)
