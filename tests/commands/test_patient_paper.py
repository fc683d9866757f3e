"""A paper of a template is about one person: what it may be about, and that it is of the template that was read."""

from uuid import UUID, uuid4

import pytest

from aggregates.catalogues import PaperTemplate
from aggregates.files import StoredFile
from aggregates.people.patient import CardMerged
from aggregates.scheduling.visit import Slot
from aggregates.values import WrongValue
from commands.catalogue import change_entry, create_entry
from commands.people.patient import create_card, merge_cards
from commands.people.patient_paper import make_paper
from commands.ports.clinic import VersionMoved
from commands.scheduling.visit import book_visit
from tests.aggregates.scenario import MON, at
from tests.commands.reception import Reception

FILE = StoredFile("0" * 64, 20_000, "application/pdf")


@pytest.fixture
def template(reception: Reception) -> UUID:
    card = {"name": "Договор", "kind": "contract", "text": "{пациент}"}
    return reception.do(create_entry, PaperTemplate, card, entry_id=uuid4()).id


@pytest.mark.spec("VIS-11")
def test_a_paper_is_about_a_visit_of_the_same_person(reception: Reception, template: UUID) -> None:
    other = reception.do(create_card, {"family_name": "Иная"}).id
    visit = reception.do(book_visit, other, Slot(None, at(MON, "10:00"), at(MON, "10:30"))).id
    with pytest.raises(WrongValue, match="wrong_value"):
        reception.do(make_paper, reception.patient, template, 1, visit, FILE)
    reception.do(merge_cards, reception.patient, other, {})
    assert reception.do(make_paper, reception.patient, template, 1, visit, FILE).version == 1
    with pytest.raises(CardMerged):
        reception.do(make_paper, other, template, 1, visit, FILE)


@pytest.mark.spec("VIS-11")
def test_a_paper_of_a_template_that_was_changed_meanwhile_is_refused(reception: Reception, template: UUID) -> None:
    reception.do(change_entry, PaperTemplate, template, {"text": "Иначе, {пациент}"})
    with pytest.raises(VersionMoved):
        reception.do(make_paper, reception.patient, template, 1, None, FILE)
