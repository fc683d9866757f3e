"""Names in refusals go by the type of a fact: a subject brings its own facts under whatever keys."""

from typing import Any, ClassVar
from uuid import UUID

import pytest

from aggregates.employees_named import NamedEmployee
from aggregates.kernel import DomainError
from commands.money import article
from tests.api.world import Browser, World

BILL = {"id": str(UUID(int=7)), "number": 12}


class BillConflict(DomainError):
    """As another subject may declare one. Facts: any."""

    code: ClassVar[str] = "bill_conflict"

    @property
    def sentence(self) -> str:
        return "Счёт уже оплачен."


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, administrator: Browser) -> Any:
    """The facts of an answer to a command that is refused with these facts."""

    def facts_of(**facts: Any) -> dict[str, Any]:
        def refuse(*_: Any, **__: Any) -> None:
            raise BillConflict(**facts)

        monkeypatch.setattr(article, "create_article", refuse)
        answer = administrator.do("POST", "/api/articles", {"name": "Аренда", "direction": "outgo"}, expect=409)
        assert answer["code"] == "bill_conflict"
        shown: dict[str, Any] = answer["facts"]
        return shown

    return facts_of


@pytest.mark.spec("UI-3")
@pytest.mark.parametrize(
    "key",
    ["by", "conflicts", "visits", "warnings", "employees", "added", "removed", "changes", "employee_id", "doctor_id", "versions"],
)
@pytest.mark.parametrize("fact", [BILL, [BILL], BILL["id"], 12], ids=["mapping", "list", "id", "number"])
def test_a_fact_of_another_subject_goes_out_as_it_is_under_any_key(refused: Any, key: str, fact: object) -> None:
    assert refused(**{key: fact}) == {key: fact}


@pytest.mark.spec("UI-3")
def test_an_employee_gets_the_name_wherever_a_refusal_mentions_one(refused: Any, world: World) -> None:
    doctor = NamedEmployee(world.doctor)
    named = {"id": str(world.doctor), "name": "Соколов Пётр"}
    facts = refused(paid_by=doctor, others=[doctor], bill={**BILL, "signed_by": doctor})
    assert facts == {"paid_by": named, "others": [named], "bill": {**BILL, "signed_by": named}}
