import pytest

from aggregates.kernel import DomainError
from aggregates.patient_card import PatientCard, PatientDeleted
from aggregates.patient_merging import CardMerged, HasMergedCards, NotMerged
from aggregates.people import PersonName
from aggregates.values import WrongValue
from tests.aggregates.scenario import MON, Fact, Scenario, fact, given, named, replayed
from tests.aggregates.test_patient_card import CREATED, DELETED

pytestmark = pytest.mark.spec("PAT-6")

KEPT, PART, OTHER = named("kept"), named("part"), named("other")
ABSORBED = fact(PatientCard.Absorbed, patient_id=PART, card_number="401", name=PersonName("Петров", "Иван"), phone="+79123456789")
MERGED = fact(PatientCard.MergedInto, into=KEPT)


def kept(*facts: Fact) -> Scenario[PatientCard]:
    return given(PatientCard, CREATED, *facts, id=KEPT)


def part(*facts: Fact) -> Scenario[PatientCard]:
    return given(PatientCard, CREATED, *facts, id=PART)


def test_a_card_becomes_a_part_of_another_and_the_other_says_what_it_was_known_by() -> None:
    kept().when(PatientCard.absorb, replayed(PatientCard, CREATED, id=PART)).then(ABSORBED)
    part().when(PatientCard.merge_into, KEPT).then(MERGED)


def test_a_part_is_neither_changed_nor_booked_nor_deleted_nor_merged_again() -> None:
    refusal = CardMerged(patient_id=PART, into=KEPT)
    part(MERGED).when(PatientCard.change_card, {"phone": ""}, today=MON).then_refused(refusal)
    part(MERGED).when(PatientCard.require_kept).then_refused(refusal)
    part(MERGED).when(PatientCard.delete, []).then_refused(refusal)
    part(MERGED).when(PatientCard.merge_into, OTHER).then_refused(refusal)
    part(MERGED).when(PatientCard.absorb, replayed(PatientCard, CREATED, id=OTHER)).then_refused(refusal)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [((ABSORBED,), HasMergedCards(patient_id=KEPT)), ((DELETED,), PatientDeleted(patient_id=KEPT))],
)
def test_a_card_with_parts_or_a_deleted_one_becomes_no_part(facts: tuple[Fact, ...], refusal: DomainError) -> None:
    kept(*facts).when(PatientCard.merge_into, OTHER).then_refused(refusal)


def test_a_card_is_not_merged_with_itself() -> None:
    kept().when(PatientCard.absorb, replayed(PatientCard, CREATED, id=KEPT)).then_refused_by(WrongValue)


def test_what_was_merged_is_parted_once() -> None:
    released, separated = fact(PatientCard.Released, patient_id=PART), fact(PatientCard.Separated, kept=KEPT)
    kept(ABSORBED).when(PatientCard.release, PART).then(released)
    part(MERGED).when(PatientCard.separate, KEPT).then(separated)
    kept(ABSORBED, released).when(PatientCard.release, PART).then_refused(NotMerged(patient_id=PART, into=KEPT))
    part(MERGED, separated).when(PatientCard.separate, KEPT).then_refused(NotMerged(patient_id=PART, into=KEPT))
    part(MERGED).when(PatientCard.separate, OTHER).then_refused(NotMerged(patient_id=PART, into=OTHER))
    assert part(MERGED, separated).when(PatientCard.change_card, {"phone": ""}, today=MON).refusal is None
