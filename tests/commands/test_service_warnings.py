"""A service that is taken from a doctor whom patients are booked to for it: asked about first, whatever way it goes (CAL-19)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from aggregates.catalogues import ServiceCategory
from aggregates.clinic.service import NobodyGivesIt, Service
from aggregates.despite import Despite
from aggregates.people.employee import NotADoctor
from aggregates.warnings import NeedsConfirmation
from commands.catalogue import create_entry, delete_entry
from commands.clinic.service import (
    change_given_services,
    change_service,
    create_service,
    delete_service,
    dry_run_changes,
    return_service,
)
from commands.context import Receipt
from commands.ports.clinic import Clinic
from commands.scheduling.visit import book_visit, change_status, change_visit, delete_visit
from commands.scheduling.visit_lines import RequestedLine
from tests.aggregates.clinic import slot
from tests.aggregates.scenario import MON, TUE
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context

pytestmark = pytest.mark.spec("CAL-19")


class Manager:
    """Somebody who keeps the price list and can be asked."""

    def __init__(self, reception: Reception) -> None:
        self.reception = reception
        self.only_doctor_id: UUID | None = None

    def do(self, command: Callable[..., Receipt], *args: Any, accepted: set[str] | None = None, **kwargs: Any) -> Receipt:
        ctx = context(command.__name__, self.reception.now)
        asked = {"accepted": frozenset(accepted or ()), "only_doctor_id": self.only_doctor_id}
        return command(self.reception.clinic, msgspec.structs.replace(ctx, **asked), *args, **kwargs)

    def warned(self, command: Callable[..., Receipt], *args: Any, **kwargs: Any) -> list[SimpleNamespace]:
        before = len(self.reception.clinic.log.events)  # type: ignore[attr-defined]  # the memory's
        with pytest.raises(NeedsConfirmation) as asked:
            self.do(command, *args, **kwargs)
        assert len(self.reception.clinic.log.events) == before  # type: ignore[attr-defined]  # the memory's
        return [SimpleNamespace(**warning) for warning in asked.value.facts["warnings"]]

    def accepts(self, command: Callable[..., Receipt], *args: Any, **kwargs: Any) -> Receipt:
        keys = {warning.key for warning in self.warned(command, *args, **kwargs)}
        return self.do(command, *args, accepted=keys, **kwargs)

    def despite(self, service_id: UUID) -> tuple[Despite, ...]:
        """What the last event of the service says."""
        log = self.reception.clinic.log  # type: ignore[attr-defined]  # the memory's
        found: tuple[Despite, ...] = log.streams[service_id][-1].event.despite
        return found


@pytest.fixture
def manager(reception: Reception) -> Manager:
    return Manager(reception)


def service(reception: Reception, name: str, *doctors: UUID) -> UUID:
    return reception.do(create_service, {"name": name, "price": "900", "doctors": doctors}).id


def book(reception: Reception, start: str, doctor_id: UUID | None, *services: UUID) -> UUID:
    end = f"{start[:3]}30"
    lines = [RequestedLine(service_id) for service_id in services]
    return reception.do(book_visit, reception.patient, slot(TUE, start, end, doctor_id), lines=lines).id


def numbers(reception: Reception, *visits: UUID) -> tuple[int, ...]:
    return tuple(reception.visit(visit).number for visit in visits)


def test_from_the_services_card_exactly_those_visits_are_listed_whose_doctor_loses_it(manager: Manager) -> None:
    r = manager.reception
    implant, other = service(r, "Имплантация", r.anna, r.boris), service(r, "Осмотр")
    annas, second = book(r, "10:00", r.anna, implant, other), book(r, "12:00", r.anna, implant)
    book(r, "11:00", r.anna, other)
    book(r, "10:00", r.boris, implant)
    book(r, "14:00", None, implant)
    for start, status in (("15:00", "cancelled"), ("16:00", "no_show"), ("17:00", "in_progress")):
        r.do(change_status, book(r, start, r.anna, implant), status)
    r.do(delete_visit, book(r, "18:00", r.anna, implant))
    r.do(book_visit, r.patient, slot(MON, "08:00", "08:30", None), lines=[RequestedLine(implant)])

    taking = (change_service, implant, {"doctors": [r.boris]})
    (warning,) = manager.warned(*taking)
    assert (warning.kind, warning.services) == ("service_taken", ("Имплантация",))
    assert [visit.id for visit in warning.visits] == [annas, second]
    assert [(visit.doctor_id, visit.patient_id, visit.services) for visit in warning.visits] == [
        (r.anna, r.patient, ("Имплантация",))
    ] * 2
    assert warning.sentence == (
        "Врач больше не будет оказывать: Имплантация. Предстоящих визитов с этой услугой: 2. "
        "Визиты не изменятся: перенесите их к другому врачу."
    )
    manager.accepts(*taking)
    assert r.clinic.load(Service, implant).doctors == (r.boris,)
    assert manager.despite(implant) == (Despite("service_taken", visits=numbers(r, annas, second)),)
    assert r.visit(annas).slot.doctor_id == r.anna  # the visits stay as they are


def test_what_can_not_be_chosen_is_refused_before_anything_is_asked(manager: Manager) -> None:
    r = manager.reception
    implant = service(r, "Имплантация", r.anna, r.boris)
    book(r, "10:00", r.anna, implant)
    with pytest.raises(NotADoctor):
        manager.do(change_service, implant, {"doctors": [r.vera]})


def test_a_service_of_everybody_that_is_left_to_some_is_taken_from_all_others(manager: Manager) -> None:
    r = manager.reception
    everybodys = service(r, "Осмотр")
    annas, boriss = book(r, "10:00", r.anna, everybodys), book(r, "10:00", r.boris, everybodys)
    (warning,) = manager.warned(change_service, everybodys, {"doctors": [r.boris]})
    assert [visit.id for visit in warning.visits] == [annas]
    r.do(change_status, annas, "cancelled")
    manager.do(change_service, everybodys, {"doctors": [r.boris]})
    assert manager.despite(everybodys) == ()
    manager.do(change_service, everybodys, {"doctors": []})  # to everybody: nobody loses it
    manager.do(change_service, everybodys, {"price": "1000", "doctors": []})
    (again,) = manager.warned(change_service, everybodys, {"doctors": [r.anna]})
    assert [visit.id for visit in again.visits] == [boriss]


def test_from_the_doctors_card_many_services_are_asked_about_once_and_all_or_none_change(manager: Manager) -> None:
    r = manager.reception
    some = [service(r, f"Услуга {n:03}", r.anna, r.boris) for n in range(150)]
    everybodys = service(r, "Общая")
    both, common = book(r, "10:00", r.anna, some[0], some[1]), book(r, "11:00", r.anna, everybodys)
    asked = {"give": [], "stop": [*some, everybodys], "everybody": [r.anna, r.boris]}
    taking: tuple[Any, ...] = (change_given_services, r.anna)
    (warning,) = manager.warned(*taking, **asked)
    assert [(visit.id, set(visit.services)) for visit in warning.visits] == [
        (both, {"Услуга 000", "Услуга 001"}),
        (common, {"Общая"}),
    ]
    assert len(warning.key) < 40  # fits into a header, however many services there are
    book(r, "12:00", r.anna, some[2])  # meanwhile, by a colleague: not what was accepted
    with pytest.raises(NeedsConfirmation):
        manager.do(*taking, accepted={warning.key}, **asked)
    manager.accepts(*taking, **asked)
    assert manager.despite(some[1]) == (Despite("service_taken", visits=numbers(r, both)),)
    assert manager.despite(some[3]) == ()
    assert r.clinic.load(Service, everybodys).doctors == (r.boris,)


def test_what_is_refused_outright_is_refused_before_anything_is_asked_about(manager: Manager) -> None:
    r = manager.reception
    annas = service(r, "Имплантация", r.anna)
    book(r, "10:00", r.anna, annas)
    with pytest.raises(NobodyGivesIt):
        manager.do(change_given_services, r.anna, give=[], stop=[annas], everybody=[r.anna, r.boris])


def test_a_deleted_service_is_taken_from_every_visit_also_from_one_without_a_doctor(manager: Manager) -> None:
    r = manager.reception
    implant = service(r, "Имплантация", r.boris)
    category = r.do(create_entry, ServiceCategory, {"name": "Хирургия"}).id
    r.do(change_service, implant, {"category_id": category})
    boriss, nobodys = book(r, "10:00", r.boris, implant), book(r, "11:00", None, implant)
    manager.do(delete_entry, ServiceCategory, category)  # a heading, no more: the service stays with its doctors
    (warning,) = manager.warned(delete_service, implant)
    assert (warning.kind, [visit.id for visit in warning.visits]) == ("service_deleted", [boriss, nobodys])
    manager.accepts(delete_service, implant)
    assert manager.despite(implant) == (Despite("service_deleted", visits=numbers(r, boriss, nobodys)),)
    manager.do(return_service, implant)
    r.do(change_visit, nobodys, lines=[])
    r.do(change_status, boriss, "cancelled")
    manager.do(delete_service, implant)


def test_who_sees_only_their_own_schedule_sees_how_many_visits_of_others_there_are(manager: Manager) -> None:
    r = manager.reception
    implant = service(r, "Имплантация")
    own = book(r, "10:00", r.anna, implant)
    book(r, "11:00", r.boris, implant)
    manager.only_doctor_id = r.anna
    (warning,) = manager.warned(delete_service, implant)
    assert [visit.id for visit in warning.visits] == [own]
    assert "Предстоящих визитов с этой услугой: 2, из них не к вам: 1." in warning.sentence
    manager.accepts(delete_service, implant)
    assert len(manager.despite(implant)[0].visits) == 2


def test_of_many_changes_it_is_foreseen_which_would_be_asked_about(manager: Manager) -> None:
    r = manager.reception
    asked, free, priced = (service(r, name, r.anna, r.boris) for name in ("Имплантация", "Чистка", "Осмотр"))
    book(r, "10:00", r.anna, asked, priced)
    changes: dict[UUID, dict[str, Any]] = {
        asked: {"doctors": [r.boris]},
        free: {"doctors": [r.boris]},
        priced: {"price": "1"},
    }
    found = dry_run_changes(r.clinic, context("check_excel"), changes)
    assert set(found) == {asked}
    (warning,) = found[asked].facts["warnings"]
    manager.do(change_service, asked, {"doctors": [r.boris]}, accepted={warning["key"]})


def take(clinic: Clinic, reception: Reception, service_id: UUID) -> Any:
    fields = {"doctors": [reception.boris]}
    return change_service(clinic, asking("change_service"), service_id, fields).version


def delete(clinic: Clinic, reception: Reception, service_id: UUID) -> Any:
    return delete_service(clinic, asking("delete_service"), service_id).version


def asking(command: str) -> Any:
    """Of somebody who has accepted nothing."""
    return msgspec.structs.replace(context(command), accepted=frozenset())


@pytest.mark.parametrize(("way", "dragged"), [(take, False), (take, True), (delete, False)])
def test_of_a_booking_and_the_loss_of_its_service_one_is_asked_about_the_other(
    nodes: list[Clinic], way: Callable[..., Any], dragged: bool
) -> None:
    """Never do both go through unasked, at whatever nodes and in whatever order."""
    reception = Reception(nodes[0])
    for n in range(20):
        implant = service(reception, f"Имплантация {n}", reception.anna, reception.boris)
        boriss = book(reception, "10:00", reception.boris, implant) if dragged else None
        for clinic in nodes:
            clinic.cached(Service, implant)  # as at a busy desk, which decides by what it knows already

        def comes(implant: UUID, boriss: UUID | None) -> Any:
            if boriss is not None:
                return change_visit(nodes[0], asking("change_visit"), boriss, doctor_id=reception.anna).version
            where = slot(TUE, "10:00", "10:30", reception.anna)
            lines = [RequestedLine(implant)]
            return book_visit(nodes[0], asking("book_visit"), reception.patient, where, lines=lines).version

        came, went = parallel(2, lambda late: way(nodes[1], reception, implant) if late else comes(implant, boriss))  # noqa: B023
        assert isinstance(came, int) != isinstance(went, int), (came, went)
        for visit in nodes[2].visit_times.live(context("").now.replace(tzinfo=None)):
            change_status(nodes[2], context("change_status"), visit.visit_id, "cancelled")
