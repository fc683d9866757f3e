"""Many cards at once, as files bring them: each by a command of its own, all by few appends."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import PatientCategory, Source
from aggregates.people.patient import CARD_NUMBERS, PatientCard
from commands.bulk import BulkItem, Outcome
from commands.catalogue import create_entry, delete_entry
from commands.context import Receipt
from commands.people.patient import save_cards_in_bulk
from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from gateways.repository import Append
from tests.commands.reception import Reception, context


class Watched(MemoryClinic):
    """Notes how many saves come together."""

    def __init__(self) -> None:
        super().__init__()
        self.together: list[int] = []

    def append_each(self, appends: Sequence[Append]) -> Any:
        self.together.append(len(appends))
        return super().append_each(appends)


def entries(reception: Reception) -> dict[str, Any]:
    source = reception.do(create_entry, Source, {"name": "Реклама"}).id
    category = reception.do(create_entry, PatientCategory, {"name": "ВИП", "color": "#2f6fdd"}).id
    return {"source_id": str(source), "categories": [category]}


def loaded(clinic: Clinic, cards: Sequence[dict[str, Any]]) -> list[Outcome]:
    return save_cards_in_bulk(
        clinic, [BulkItem(context("load"), uuid4(), {"family_name": f"Ф{n}", **card}) for n, card in enumerate(cards)]
    )


@pytest.mark.spec("XLS-4")
def test_cards_with_source_and_categories_are_saved_together_too() -> None:
    reception = Reception(clinic := Watched())
    chosen = entries(reception)
    first, second = loaded(clinic, [chosen, chosen])
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    changes = [
        BulkItem(context("load"), first.id, {"source_id": None}, 1),
        BulkItem(context("load"), second.id, {"categories": []}, 1),
    ]
    assert all(isinstance(outcome, Receipt) for outcome in save_cards_in_bulk(clinic, changes))
    assert clinic.together == [2, 2]
    assert clinic.load(PatientCard, first.id).details["source_id"] == ""


@pytest.mark.spec("XLS-4")
def test_a_source_deleted_meanwhile_refuses_its_rows_alone(nodes: list[Clinic]) -> None:
    here, elsewhere = (Reception(nodes[0])), nodes[1]
    chosen, stored = entries(here), {"source_id": str(here.do(create_entry, Source, {"name": "Рекомендация"}).id)}
    assert all(isinstance(outcome, Receipt) for outcome in loaded(here.clinic, [chosen, stored]))  # both sources are cached
    delete_entry(elsewhere, context("delete"), Source, UUID(chosen["source_id"]), expected=1)
    late, fine, plain = loaded(here.clinic, [chosen, stored, {}])
    assert isinstance(late, EntryDeleted)
    assert isinstance(fine, Receipt)
    assert isinstance(plain, Receipt)


@pytest.mark.spec("XLS-4", "PAT-1")
def test_no_number_is_drawn_that_another_card_of_the_batch_names(nodes: list[Clinic]) -> None:
    here = Reception(nodes[0]).clinic
    last = here.numbers.next(CARD_NUMBERS)
    outcomes = loaded(here, [{}, {"card_number": f"{last + 1}"}, {}, {"card_number": f"{last + 3}"}])
    assert [type(outcome) for outcome in outcomes] == [Receipt] * 4
    numbers = [here.load(PatientCard, outcome.id).card_number for outcome in outcomes if isinstance(outcome, Receipt)]
    assert (numbers[1], numbers[3], len({*numbers})) == (f"{last + 1}", f"{last + 3}", 4)
