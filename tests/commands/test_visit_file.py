"""Files beside a visit that others change: what is refused, and what many at once come to."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.deletion import AlreadyDeleted
from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_file import MOST_FILES, TooManyFiles, VisitFile
from aggregates.scheduling.visit_refusals import VisitDeleted
from commands.clinic.clinic_settings import change_settings
from commands.ports.clinic import Clinic
from commands.scheduling.visit import change_visit, delete_visit, return_visit
from commands.scheduling.visit_file import attach_file, change_file, delete_file, return_file
from gateways.event_store_memory import MemoryClinic
from tests.aggregates.scenario import MON
from tests.commands.racing import parallel
from tests.commands.reception import Reception, context

FILE = StoredFile("0" * 64, 20_000, "application/pdf")
pytestmark = pytest.mark.spec("VIS-1")


@pytest.fixture(params=["memory", "postgresql"])
def guarded(request: pytest.FixtureRequest, nodes: list[Clinic]) -> Reception:
    """An open clinic with either guards."""
    return Reception(MemoryClinic() if request.param == "memory" else nodes[0])


def test_a_visit_has_so_many_files_that_are_not_deleted(guarded: Reception) -> None:
    reception = guarded
    visit, other = (reception.book(MON, f"{hour}:00", f"{hour}:30") for hour in (10, 11))
    files = [reception.do(attach_file, visit, "план.pdf", FILE).id for _ in range(MOST_FILES)]
    with pytest.raises(TooManyFiles) as refused:
        reception.do(attach_file, visit, "план.pdf", FILE)
    assert (refused.value, refused.value.status) == (TooManyFiles(most=MOST_FILES), 409)
    reception.do(attach_file, other, "план.pdf", FILE)
    reception.do(change_file, files[0], {"caption": "Первый"})
    reception.do(delete_file, files[0])
    reception.do(attach_file, visit, "план.pdf", FILE)
    with pytest.raises(TooManyFiles):
        reception.do(return_file, files[0])


@pytest.mark.spec("DEL-2")
def test_files_of_a_deleted_visit_stay_as_they_are_until_it_is_back(reception: Reception) -> None:
    visit = reception.book(MON, "10:00", "10:30")
    file = reception.do(attach_file, visit, "план.pdf", FILE).id
    reception.do(delete_visit, visit)
    for change, *given in ((attach_file, visit, "план.pdf", FILE), (change_file, file, {"caption": "?"}), (delete_file, file)):
        with pytest.raises(VisitDeleted):
            reception.do(change, *given)
    reception.do(return_visit, visit)
    assert reception.do(delete_file, file).version == 2


@pytest.mark.spec("VIS-5")
def test_a_closed_period_and_a_colleague_who_writes_in_the_visit_do_not_matter(reception: Reception) -> None:
    visit = reception.book(MON, "10:00", "10:30")
    seen = reception.visit(visit).version
    reception.do(change_settings, {"past_documents": False, "closed_before": "2027-01-01"})
    assert reception.do(attach_file, visit, "план.pdf", FILE).version == 1
    reception.do(change_settings, {"past_documents": True})
    assert reception.do(change_visit, visit, comment="Боли нет", expected=seen).version == seen + 1


@pytest.mark.thorough
def test_many_attach_at_once_up_to_the_limit(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    visit = reception.book(MON, "10:00", "10:30")
    for _ in range(MOST_FILES - 4):
        reception.do(attach_file, visit, "план.pdf", FILE)
    found = parallel(12, lambda n: attach_file(nodes[n % 3], context("attach_file"), visit, f"{n}.pdf", FILE))
    assert Counter(type(one) for one in found)[TooManyFiles] == 8


@pytest.mark.thorough
def test_who_attaches_deletes_and_writes_in_the_visit_at_once_loses_nothing(nodes: list[Clinic]) -> None:
    reception = Reception(nodes[0])
    visit = reception.book(MON, "10:00", "10:30")
    files = [reception.do(attach_file, visit, "план.pdf", FILE).id for _ in range(6)]
    new = [uuid4() for _ in range(6)]

    def act(n: int) -> Any:
        clinic, of = nodes[n % 3], n // 4
        match n % 4:
            case 0:
                return attach_file(clinic, context("attach_file"), visit, f"{n}.pdf", FILE, file_id=new[of])
            case 1:
                return change_visit(clinic, context("change_visit"), visit, comment=f"Запись {n}")
            case _:
                return delete_file(clinic, context("delete_file"), files[of])

    found = parallel(24, act)
    refused = [one for one in found if isinstance(one, DomainError)]
    assert [type(one) for one in refused] == [AlreadyDeleted] * 6  # of two who delete the same one
    assert all(deleted(nodes[1], one) for one in files)
    assert not any(deleted(nodes[2], one) for one in new)
    assert nodes[1].load(Visit, visit).version == 1 + 6


def deleted(clinic: Clinic, file_id: UUID) -> bool:
    return clinic.load(VisitFile, file_id).deleted
