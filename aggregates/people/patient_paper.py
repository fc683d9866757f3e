"""A paper that was made for a patient from one of the clinic's templates, stored as it was: a later change of template, card or
clinic doesn't touch it (VIS-11).

It can be deleted and returned like everything else; its file stays.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.files import StoredFile
from aggregates.kernel import DomainError, Event, applies


class PaperDeleted(DomainError):
    """Facts: `paper_id`."""

    code: ClassVar[str] = "paper_deleted"

    @property
    def sentence(self) -> str:
        return "Документ удалён. Верните его на вкладке «Документы» пациента."


class PatientPaper(DeletedAtWill, ReturnedAtWill):
    TOPIC = "patient_paper"

    patient_id: UUID
    """The card for which it was made, which may have been merged since."""
    visit_id: UUID | None
    template_id: UUID
    template_version: int
    title: str
    file: StoredFile

    class Made(Event, frozen=True):
        TOPIC: ClassVar[str] = "patient_paper.made.1"
        patient_id: UUID
        visit_id: UUID | None
        template_id: UUID
        template_version: int
        title: str
        file: StoredFile

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "patient_paper.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "patient_paper.returned.1"

    def make(
        self,
        patient_id: UUID,
        visit_id: UUID | None,
        template_id: UUID,
        template_version: int,
        title: str,
        file: StoredFile,
        *,
        at: datetime,
    ) -> None:
        """`title`: the template's name then."""
        self.trigger(
            self.Made, patient_id=patient_id, visit_id=visit_id, template_id=template_id, template_version=template_version,
            title=title, file=file, at=at,
        )  # fmt: skip

    def refusal_when_deleted(self) -> PaperDeleted:
        return PaperDeleted(paper_id=self.id)

    @applies(Made)
    def _made(self, event: Made) -> None:
        self.patient_id = event.patient_id
        self.visit_id = event.visit_id
        self.template_id = event.template_id
        self.template_version = event.template_version
        self.title = event.title
        self.file = event.file
