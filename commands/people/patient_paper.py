"""Commands of papers that are made for patients. A user who sees only their own patients makes and deletes only theirs."""

from uuid import UUID, uuid4

from aggregates.catalogues import PaperTemplate
from aggregates.files import StoredFile
from aggregates.kernel import Aggregate
from aggregates.people.patient import PatientCard
from aggregates.people.patient_paper import PatientPaper
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_refusals import AnotherDoctorsVisit
from aggregates.values import WrongValue
from commands.context import Context, Receipt
from commands.people.patient import cards_of_person, require_own_patient
from commands.ports.clinic import Clinic
from commands.retry import retried


@retried
def make_paper(
    clinic: Clinic,
    ctx: Context,
    patient_id: UUID,
    template_id: UUID,
    template_version: int,
    visit_id: UUID | None,
    file: StoredFile,
    *,
    paper_id: UUID | None = None,
) -> Receipt:
    """`file`: what was made of that version of the template. AnotherDoctorsPatient, AggregateNotFound, EntryDeleted, WrongValue
    (another person's visit), VersionMoved of a template that was changed meanwhile, and the refusals of a card that is deleted or
    merged.
    """
    require_own_patient(clinic, ctx.patients_of, patient_id)
    card = clinic.load(PatientCard, patient_id)
    card.require_active()
    relied: list[Aggregate] = [card]
    if visit_id is not None:
        visit = clinic.load(Visit, visit_id)
        if visit.patient_id not in cards_of_person(clinic, card):
            raise WrongValue("visit_id", "Выберите визит этого пациента.")
        relied.append(visit)
    template = clinic.load(PaperTemplate, template_id, expected=template_version)
    template.require_active()
    paper = PatientPaper(paper_id or uuid4())
    paper.make(patient_id, visit_id, template_id, template_version, template.name, file, at=ctx.now)
    return clinic.save(paper, ctx=ctx, if_unchanged=[*relied, template])


@retried
def delete_paper(clinic: Clinic, ctx: Context, paper_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, AnotherDoctorsPatient, AnotherDoctorsVisit."""
    paper = _theirs(clinic, ctx, paper_id, expected)
    paper.delete(at=ctx.now)
    return clinic.save(paper, ctx=ctx)


@retried
def return_paper(clinic: Clinic, ctx: Context, paper_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, AnotherDoctorsPatient, AnotherDoctorsVisit."""
    paper = _theirs(clinic, ctx, paper_id, expected)
    paper.return_(at=ctx.now)
    return clinic.save(paper, ctx=ctx)


def _theirs(clinic: Clinic, ctx: Context, paper_id: UUID, expected: int | None) -> PatientPaper:
    """Patient and visit are checked first, so that others' papers don't reveal even a version."""
    known = clinic.load(PatientPaper, paper_id)
    require_own_patient(clinic, ctx.patients_of, known.patient_id)
    if known.visit_id is not None and ctx.only_doctor_id not in {None, clinic.load(Visit, known.visit_id).slot.doctor_id}:
        raise AnotherDoctorsVisit
    return clinic.load(PatientPaper, paper_id, expected=expected)
