from typing import Any

import pytest

from aggregates.access.rights import (
    ADMINISTRATOR,
    BEYOND_OWN_SCHEDULE,
    DECLARED,
    PREDEFINED_SETS,
    RIGHTS,
    TREE,
    WITHOUT_PAGE,
    RightDeclaration,
    RightNode,
)
from aggregates.access.rights_set import AdministratorSetProtected, LastManagingSet, RightsSet, RightsSetDeleted, RightsSetInUse
from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.values import Change, WrongValue
from tests.aggregates.clinic import ANNA, BORIS
from tests.aggregates.scenario import Fact, Scenario, fact, given

CREATED = fact(RightsSet.Created, name="Ресепшен", start_page="calendar", rights=("calendar", "patients"))
MANAGING = fact(RightsSet.Created, name="Кадры", start_page="rights", rights=("employees", "rights"))
NOBODY: dict[str, Any] = {"holders": (), "others_manage": True}


def changed_fact(**changes: Change[Any]) -> Fact:
    untouched = dict.fromkeys(("name", "start_page", "rights", "own_schedule_only", "opens_all_patients"))
    return fact(RightsSet.Changed, **{**untouched, **changes})


def a_set(*facts: Fact) -> Scenario[RightsSet]:
    return given(RightsSet, *facts)


@pytest.mark.spec("ACL-1")
def test_a_set_of_rights_has_a_name_rights_and_a_start_page_among_them() -> None:
    created = a_set().when(RightsSet.create, "Ресепшен", "calendar", ["patients", "calendar", "calendar"])
    created.then(CREATED)
    for wrong in (
        ("Ресепшен", "journal", ["calendar"]),
        ("Ресепшен", "patient_info", ["calendar", "patient_info"]),
        ("Ресепшен", "", ["calendar"]),
        ("", "calendar", ["calendar"]),
        ("Ресепшен", "calendar", ["calendar", "moon"]),
        ("Ресепшен", "", []),
    ):
        a_set().when(RightsSet.create, *wrong).then_refused_by(WrongValue)


@pytest.mark.spec("ACL-1")
def test_a_set_that_opens_no_page_has_no_start_page() -> None:
    a_set().when(RightsSet.create, "Приложение", "", ["mobile_app"]).then(
        fact(RightsSet.Created, name="Приложение", start_page="", rights=("mobile_app",))
    )


@pytest.mark.spec("ACL-1")
def test_name_rights_and_start_page_are_changed() -> None:
    changed = a_set(CREATED).when(RightsSet.change, name="Стойка", start_page="visits", rights=["visits", "patients"], **NOBODY)
    changed.then(
        changed_fact(
            name=Change("Ресепшен", "Стойка"),
            start_page=Change("calendar", "visits"),
            rights=Change(("calendar", "patients"), ("patients", "visits")),
        )
    )
    assert (changed.aggregate.name, changed.aggregate.start_page) == ("Стойка", "visits")
    assert changed.aggregate.rights == ("patients", "visits")
    a_set(CREATED).when(RightsSet.change, name=" Ресепшен", rights=["patients", "calendar"], **NOBODY).then()
    a_set(CREATED).when(RightsSet.change, rights=["patients"], **NOBODY).then_refused_by(WrongValue)


@pytest.mark.spec("ACL-1")
def test_a_set_is_deleted_while_nobody_has_it_and_returned() -> None:
    gone = [CREATED, fact(RightsSet.Deleted)]
    a_set(CREATED).when(RightsSet.delete, [ANNA]).then_refused(RightsSetInUse(employees=[ANNA]))
    a_set(CREATED).when(RightsSet.delete, []).then(fact(RightsSet.Deleted))
    a_set(*gone).when(RightsSet.delete, []).then_refused_by(AlreadyDeleted)
    a_set(*gone).when(RightsSet.change, name="Стойка", **NOBODY).then_refused_by(RightsSetDeleted)
    a_set(*gone).when(RightsSet.return_).then(fact(RightsSet.Returned))
    a_set(CREATED).when(RightsSet.return_).then_refused_by(NotDeleted)


@pytest.mark.spec("ACL-5")
def test_the_last_set_by_which_rights_are_managed_keeps_that_right() -> None:
    without = {"start_page": "employees", "rights": ["employees"]}
    taken = changed_fact(
        start_page=Change("rights", "employees"),
        rights=Change(("employees", "rights"), ("employees",)),
    )
    last = {"holders": [ANNA, BORIS], "others_manage": False}
    a_set(MANAGING).when(RightsSet.change, **without, **last).then_refused(LastManagingSet(employees=[ANNA, BORIS]))
    a_set(MANAGING).when(RightsSet.change, **without, holders=[ANNA], others_manage=True).then(taken)
    a_set(MANAGING).when(RightsSet.change, **without, holders=[], others_manage=False).then(taken)
    renamed = a_set(MANAGING).when(RightsSet.change, name="Управление", **last)
    renamed.then(changed_fact(name=Change("Кадры", "Управление")))


@pytest.mark.spec("ACL-1")
def test_the_administrator_holds_every_right_also_those_that_came_later() -> None:
    of_an_older_version = fact(RightsSet.Created, name="Администратор", start_page="calendar", rights=("calendar", "rights"))

    def administrator() -> Scenario[RightsSet]:
        return given(RightsSet, of_an_older_version, id=ADMINISTRATOR.id)

    renamed = administrator().when(RightsSet.change, name="Директор", **NOBODY)
    renamed.then(changed_fact(name=Change("Администратор", "Директор")))
    assert renamed.aggregate.rights == RIGHTS
    administrator().when(RightsSet.change, rights=["calendar"], **NOBODY).then_refused_by(AdministratorSetProtected)
    administrator().when(RightsSet.delete, []).then_refused_by(AdministratorSetProtected)


@pytest.mark.spec("ACL-9")
def test_who_sees_only_the_own_schedule_opens_only_the_own_patients_cards_unless_the_set_says_so() -> None:
    """Also a set from before the option: its events don't know it."""
    own = changed_fact(own_schedule_only=Change(old=False, new=True))
    opens = changed_fact(opens_all_patients=Change(old=False, new=True))
    doctors = fact(RightsSet.Created, name="Врач", start_page="calendar", rights=("calendar",))
    sets = {name: a_set(*facts).when(RightsSet.change, **NOBODY).aggregate for name, facts in (
        ("whole calendar", (doctors,)), ("own", (doctors, own)), ("own with the list", (CREATED, own)),
        ("own with the option", (doctors, own, opens)),
    )}  # fmt: skip
    assert [name for name, of in sets.items() if of.own_patients_only] == ["own"]
    a_set(doctors, own).when(RightsSet.change, opens_all_patients=True, **NOBODY).then(opens)
    both = changed_fact(own_schedule_only=Change(old=False, new=True), opens_all_patients=Change(old=False, new=True))
    options = {"own_schedule_only": True, "opens_all_patients": True}
    a_set().when(RightsSet.create, "Врач", "calendar", ["calendar"], **options).then(doctors, both)


@pytest.mark.spec("ACL-6")
def test_only_the_own_schedule_goes_with_no_right_that_shows_others_visits() -> None:
    own = changed_fact(own_schedule_only=Change(old=False, new=True))
    a_set().when(RightsSet.create, "Ресепшен", "calendar", ["calendar", "patients"], own_schedule_only=True).then(CREATED, own)
    a_set(CREATED).when(RightsSet.change, own_schedule_only=True, **NOBODY).then(own)
    for right in BEYOND_OWN_SCHEDULE:
        rights = ["calendar", right]
        a_set().when(RightsSet.create, "Врач", "calendar", rights, own_schedule_only=True).then_refused_by(WrongValue)
        a_set(CREATED, own).when(RightsSet.change, rights=rights, **NOBODY).then_refused_by(WrongValue)


@pytest.mark.spec("ACL-5", "ACL-6")
@pytest.mark.parametrize("question", ["beyond_own_schedule", "raises"])
def test_a_right_is_declared_only_with_an_answer_to_what_it_endangers(question: str) -> None:
    answers = {"key": "calendar", "section": "", "label": "Расписание", "beyond_own_schedule": False, "raises": False}
    del answers[question]
    with pytest.raises(TypeError, match=question):
        RightDeclaration(**answers)  # type: ignore[arg-type]  # what is left out is the test


@pytest.mark.spec("ACL-6", "UI-3")
def test_the_refusal_names_every_right_that_shows_others_visits() -> None:
    """In the order of the tree, and as within a sentence."""
    refused = a_set().when(RightsSet.create, "Врач", "calendar", ["calendar", "hours"], own_schedule_only=True).refusal
    assert refused is not None
    named = refused.sentence.partition(": ")[2]
    shown = [right.label[:1].lower() + right.label[1:] for right in DECLARED if right.beyond_own_schedule]
    assert named == ", ".join(shown) + "."
    assert shown[0] == "справочник сотрудников"
    assert shown[-4:] == ["график", "управление правами доступа", "журнал действий", "выгрузка в MS Excel"]


@pytest.mark.spec("ACL-1")
def test_the_tree_shows_every_right_once_under_the_sections_of_the_system() -> None:
    def rights(nodes: tuple[RightNode, ...]) -> list[str]:
        return [right for node in nodes for right in ([node.right.key] if node.right else []) + rights(node.children)]

    assert sorted(rights(TREE)) == sorted(RIGHTS), "each key of the type `Right` has one declaration, and the other way round"
    assert [node.label for node in TREE] == [
        "Расписание",
        "Маркетинг",
        "Продажи",
        "Склад",
        "Сотрудники",
        "Финансы",
        "Отчёты",
        "Настройки",
        "Доступ к мобильному приложению",
        "Показывать информацию о пациенте в визите",
        "Показывать блок статистики в расписании",
    ]
    assert set(ADMINISTRATOR.rights) == set(RIGHTS)
    assert all(predefined.start_page in set(predefined.rights) - WITHOUT_PAGE for predefined in PREDEFINED_SETS)
    assert [predefined.name for predefined in PREDEFINED_SETS] == ["Администратор", "Регистратор", "Врач", "Аудитор"]
