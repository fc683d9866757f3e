"""A named set of rights; rights belong to sets, sets are assigned to users (ACL-3).

A set that somebody has can't be deleted, nor can the last one that lets anybody manage rights be taken away (ACL-5).
«Администратор» has every right, whatever its stream says (see `aggregates.access.rights.effective_rights`).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.access.rights import (
    ADMINISTRATOR,
    BEYOND_OWN_SCHEDULE,
    DECLARED,
    RIGHTS,
    WITHOUT_PAGE,
    effective_rights,
    own_patients_only,
)
from aggregates.deletion import ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.employees_named import RefusalOfEmployees
from aggregates.fields import FLAG, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.values import Change, Scalar, WrongValue, change_to, one_of

RIGHTS_SET_FIELDS = Fields(
    Field(name="name", label="Наименование", limit=100, required=True),
    Field(name="own_schedule_only", label="Видит только своё расписание", kind=FLAG),
    Field(name="opens_all_patients", label="Открывает карты всех пациентов", kind=FLAG),
)
"""All but the rights and the start page."""


def _within(label: str) -> str:
    """A label in the middle of a sentence."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


_SHOWING_OTHERS = ", ".join(_within(right.label) for right in DECLARED if right.beyond_own_schedule)


class RightsSetInUse(RefusalOfEmployees):
    """Facts: `employees` (ids of the holders)."""

    code: ClassVar[str] = "rights_set_in_use"

    @property
    def sentence(self) -> str:
        return "Этот набор прав назначен сотрудникам. Сначала дайте им другой набор или закройте им доступ."


class RightsSetDeleted(DomainError):
    """Facts: `rights_set_id`."""

    code: ClassVar[str] = "rights_set_deleted"

    @property
    def sentence(self) -> str:
        return "Этот набор прав удалён. Выберите другой или верните его."


class RightsSetNameTaken(DomainError):
    """Another set that isn't deleted has this name: found on save by `gateways/guards/rights_set_name.py`.

    Facts: `field`, `name`, `by` (its id).
    """

    code: ClassVar[str] = "rights_set_name_taken"

    def __init__(self, **facts: Any) -> None:
        super().__init__(field="name", **facts)

    @property
    def sentence(self) -> str:
        return f"Набор прав «{self.facts['name']}» уже есть. Назовите этот иначе."


class LastManagingSet(RefusalOfEmployees):
    """Without this set nobody could manage rights. Facts: `employees` (ids of its holders)."""

    code: ClassVar[str] = "last_set_with_rights"

    @property
    def sentence(self) -> str:
        return "Только по этому набору сотрудники управляют правами доступа. Сначала дайте это право кому-нибудь ещё."


class AdministratorSetProtected(DomainError):
    """«Администратор» keeps all rights and can't be deleted."""

    code: ClassVar[str] = "administrator_set_protected"

    @property
    def sentence(self) -> str:
        return f"У набора «{ADMINISTRATOR.name}» всегда есть все права, удалить его нельзя. Создайте другой набор."


class RightsSet(ReturnedAtWill):
    TOPIC = "rights_set"

    name: str
    start_page: str
    own_schedule_only: bool
    """«Видит только своё расписание»: only the user's own visits are visible."""
    opens_all_patients: bool
    """«Открывает карты всех пациентов»: only matters with `own_schedule_only` (see `own_patients_only`)."""
    _written: tuple[str, ...]

    class Created(Event, frozen=True):
        TOPIC: ClassVar[str] = "rights_set.created.1"
        name: str
        start_page: str
        rights: tuple[str, ...]

    class Changed(Event, frozen=True):
        """None = unchanged."""

        TOPIC: ClassVar[str] = "rights_set.changed.1"
        name: Change[str] | None = None
        start_page: Change[str] | None = None
        rights: Change[tuple[str, ...]] | None = None
        own_schedule_only: Change[bool] | None = None
        opens_all_patients: Change[bool] | None = None

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "rights_set.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "rights_set.returned.1"

    @property
    def rights(self) -> tuple[str, ...]:
        return effective_rights(self.id, self._written)

    @property
    def own_patients_only(self) -> bool:
        """Only the cards of the user's own patients are visible: those with a visit (not deleted) to the user, past or future.

        Follows from `own_schedule_only`, unless the set has the list of all patients or `opens_all_patients`.
        """
        return own_patients_only(self.rights, own_schedule_only=self.own_schedule_only, opens_all=self.opens_all_patients)

    @property
    def manages(self) -> bool:
        """Whether holders of the set can manage rights."""
        return "rights" in self.rights

    def create(
        self,
        name: str,
        start_page: str,
        rights: Sequence[str],
        *,
        own_schedule_only: bool = False,
        opens_all_patients: bool = False,
        at: datetime,
    ) -> None:
        """`start_page`: a right of the set, whose page opens after sign-in; "" if no right of the set has a page."""
        card = {"name": name, "own_schedule_only": own_schedule_only, "opens_all_patients": opens_all_patients}
        checked, ordered = _checked(
            lambda: RIGHTS_SET_FIELDS.checked(card), start_page, rights, own_schedule_only=own_schedule_only
        )
        self.trigger(self.Created, name=checked["name"], start_page=start_page, rights=ordered, at=at)
        if ticked := {name: Change(old=False, new=True) for name, on in checked.items() if on is True}:
            self.trigger(
                self.Changed, **ticked, at=at
            )  # these options are newer than the event Created, whose stored shape can't change

    def change(
        self,
        *,
        name: str | None = None,
        start_page: str | None = None,
        rights: Sequence[str] | None = None,
        own_schedule_only: bool | None = None,
        opens_all_patients: bool | None = None,
        holders: Collection[UUID],
        others_manage: bool,
        at: datetime,
    ) -> None:
        """Change what isn't None. `holders`: employees who have the set; `others_manage`: somebody manages rights by another
        set.
        """
        self.require_active()
        new_rights = self.rights if rights is None else rights
        page = self.start_page if start_page is None else start_page
        own = self.own_schedule_only if own_schedule_only is None else own_schedule_only
        before: dict[str, Scalar] = {field: getattr(self, field) for field in RIGHTS_SET_FIELDS}
        given = {"name": name, "own_schedule_only": own_schedule_only, "opens_all_patients": opens_all_patients}
        fields = {field: value for field, value in given.items() if value is not None}
        checked, ordered = _checked(lambda: RIGHTS_SET_FIELDS.changed(before, fields), page, new_rights, own_schedule_only=own)
        if self.id == ADMINISTRATOR.id and ordered != RIGHTS:
            raise AdministratorSetProtected
        if self.manages and "rights" not in ordered and holders and not others_manage:
            raise LastManagingSet(employees=list(holders))
        changes = {
            **{field: change_to(before[field], checked[field]) for field in before},
            "start_page": change_to(self.start_page, page),
            "rights": change_to(self.rights, ordered),
        }
        if any(changes.values()):
            self.trigger(self.Changed, **changes, at=at)

    def delete(self, holders: Collection[UUID], *, at: datetime) -> None:
        """`holders`: employees who have the set and may sign in. RightsSetInUse, AdministratorSetProtected."""
        self.require_not_deleted()
        if self.id == ADMINISTRATOR.id:
            raise AdministratorSetProtected
        if holders:
            raise RightsSetInUse(employees=list(holders))
        self.trigger(self.Deleted, at=at)

    def refusal_when_deleted(self) -> RightsSetDeleted:
        return RightsSetDeleted(rights_set_id=self.id)

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.name = event.name
        self.start_page = event.start_page
        self._written = event.rights
        self.own_schedule_only = False
        self.opens_all_patients = False

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        self.name = event.name.new if event.name else self.name
        self.start_page = event.start_page.new if event.start_page else self.start_page
        self._written = event.rights.new if event.rights else self._written
        self.own_schedule_only = event.own_schedule_only.new if event.own_schedule_only else self.own_schedule_only
        self.opens_all_patients = event.opens_all_patients.new if event.opens_all_patients else self.opens_all_patients


def _checked(
    fields: Callable[[], dict[str, Scalar]], start_page: str, rights: Sequence[str], *, own_schedule_only: bool
) -> tuple[dict[str, Scalar], tuple[str, ...]]:
    """The checked fields, and the rights in the tree's order. WrongValue, WrongValues."""
    faults = Faults()
    with faults.gathered():
        checked = fields()
    with faults.gathered():
        for right in rights:
            one_of("rights", right, RIGHTS)
        if not rights:
            raise WrongValue("rights", "Отметьте хотя бы одно право.")
    with faults.gathered():
        pages = set(rights) - WITHOUT_PAGE
        if rights and start_page not in (pages or {""}):
            raise WrongValue("start_page", "Стартовой может быть только страница, которую набор прав открывает.")
    with faults.gathered():
        if own_schedule_only and not BEYOND_OWN_SCHEDULE.isdisjoint(rights):
            raise WrongValue(
                "own_schedule_only",
                f"«Только своё расписание» нельзя совмещать с разделами, где видны чужие визиты: {_SHOWING_OTHERS}.",
            )
    faults.refuse()
    return checked, tuple(right for right in RIGHTS if right in rights)
