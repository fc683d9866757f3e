"""Warnings of any subject: what a person is asked, by what keys they accept, what the event stores (CAL-19)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest

from aggregates.clinic.service_warnings import ServiceDeletedWithVisits, ServiceTaken, ServiceWarning, VisitOfServices
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.despite import Despite
from aggregates.scheduling.visit_warnings import InThePast, NotYet, PatientBusy, RoomTaken, ServiceNotGiven, VisitWarning
from aggregates.warnings import DomainWarning, NeedsConfirmation, require_accepted

pytestmark = pytest.mark.spec("CAL-19")
TEN, ELEVEN = datetime(2026, 11, 24, 10), datetime(2026, 11, 24, 11)  # noqa: DTZ001  the clinic's wall clock is naive
VISIT = ConflictingVisit(UUID(int=1), 12, TEN, ELEVEN, UUID(int=2), UUID(int=3))
COMING = VisitOfServices(UUID(int=1), 12, TEN, ELEVEN, UUID(int=2), UUID(int=3), ("Пломба",))
OF_VISITS: dict[str, VisitWarning] = {
    '{"kind":"in_the_past"}': InThePast(starts_at=TEN),
    '{"kind":"not_yet"}': NotYet(starts_at=TEN),
    '{"kind":"patient_busy","number":12}': PatientBusy(visits=(VISIT,)),
    '{"kind":"room_taken","number":12,"room":"3"}': RoomTaken(visits=(VISIT,), room="3"),
    '{"kind":"service_not_given","services":["Пломба"]}': ServiceNotGiven(doctor_id=UUID(int=3), services=("Пломба",)),
}
OF_SERVICES: dict[str, ServiceWarning] = {
    '{"kind":"service_taken","visits":[12]}': ServiceTaken(services=("Пломба",), visits=(COMING,), visible=()),
    '{"kind":"service_deleted","visits":[12]}': ServiceDeletedWithVisits(services=("Пломба",), visits=(COMING,), visible=()),
}


class BelowCost(DomainWarning, frozen=True, kw_only=True):
    """As another subject may declare one: the goods leave at less than they cost."""

    KIND: ClassVar[str] = "below_cost"

    goods: str
    cost: int

    @property
    def about(self) -> Sequence[object]:
        return (self.goods, self.cost)

    @property
    def sentence(self) -> str:
        return f"«{self.goods}» дешевле себестоимости."

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"goods": self.goods}


def test_a_person_is_asked_until_every_warning_is_accepted_and_sees_nothing_but_what_is_shown() -> None:
    gel, wax = BelowCost(goods="Гель", cost=900), BelowCost(goods="Воск", cost=900)
    with pytest.raises(NeedsConfirmation) as asked:
        require_accepted([gel, wax], {gel.key})
    assert asked.value.facts == {
        "warnings": [
            {"key": one.key, "kind": "below_cost", "sentence": f"«{one.goods}» дешевле себестоимости.", "goods": one.goods}
            for one in (gel, wax)
        ]
    }
    assert asked.value.sentence.startswith("Проверьте, всё ли верно. «Гель»")
    require_accepted([gel, wax], {gel.key, wax.key})
    require_accepted([], set())


def test_a_key_is_of_what_was_accepted_and_of_nothing_else() -> None:
    gel = BelowCost(goods="Гель", cost=900)
    assert BelowCost(goods="Гель", cost=900).key == gel.key
    assert BelowCost(goods="Гель", cost=901).key != gel.key
    every = [one.key for one in (*OF_VISITS.values(), *OF_SERVICES.values())]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("stored", [*OF_VISITS, *OF_SERVICES])
def test_an_event_stores_an_accepted_warning_as_it_always_did(stored: str) -> None:
    (despite,) = OF_VISITS[stored].despite if stored in OF_VISITS else (OF_SERVICES[stored].despite,)
    assert msgspec.json.encode(despite).decode() == stored
    assert msgspec.json.decode(stored, type=Despite) == despite


@pytest.mark.parametrize(
    ("numbers", "busy", "taken"),
    [
        ([12], "Пациент в это время уже записан к другому врачу.", "Кабинет «3» в это время занят."),
        (
            [12, 13],
            "Пациент в это время уже записан к другим врачам, визитов: 2.",
            "Кабинет «3» в это время занят, визитов: 2.",
        ),
    ],
)
def test_of_hidden_visits_a_person_sees_how_many_there_are_and_the_event_stores_each(
    numbers: list[int], busy: str, taken: str
) -> None:
    visits = tuple(ConflictingVisit(UUID(int=number), number, TEN, ELEVEN, UUID(int=2), UUID(int=3)) for number in numbers)
    warnings = [PatientBusy(visits=visits, hidden=True), RoomTaken(visits=visits, hidden=True, room="3")]
    facts = NeedsConfirmation(warnings).facts["warnings"]
    assert [(fact["visit"], fact["others"], fact["sentence"]) for fact in facts] == [
        (None, len(numbers), busy),
        (None, len(numbers), taken),
    ]
    assert [[despite.number for despite in warning.despite] for warning in warnings] == [numbers, numbers]
