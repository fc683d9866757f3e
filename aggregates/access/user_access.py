"""An employee's access to the system: the e-mail to sign in with and the rights.

Somebody can always manage rights: the last user who can isn't deleted, withdrawn or given a lesser set (ACL-5).
Passwords and second-factor secrets are never in events; an event only says that one was set.
"""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid5

from aggregates.employees_named import RefusalOfEmployee
from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.people.person import email as checked_email


class EmailTaken(DomainError):
    """Another user has this e-mail (ACL-3). Checked on save by `gateways/guards/email.py`. Facts: `email`."""

    code: ClassVar[str] = "email_taken"

    @property
    def sentence(self) -> str:
        return "С этим адресом электронной почты уже входит другой сотрудник. Укажите другой адрес."


class LastRightsManager(RefusalOfEmployee):
    """Nobody else could manage rights then. Facts: `employee_id`."""

    code: ClassVar[str] = "last_rights_manager"

    @property
    def sentence(self) -> str:
        return "Это последний сотрудник, который управляет правами доступа. Сначала дайте это право кому-нибудь ещё."


class NoAccess(RefusalOfEmployee):
    """The employee has no access now. Facts: `employee_id`."""

    code: ClassVar[str] = "no_access"

    @property
    def sentence(self) -> str:
        return "У сотрудника нет доступа к системе. Сначала разрешите доступ."


class SecondFactorOn(RefusalOfEmployee):
    """The user already signs in with a second factor. Facts: `employee_id`."""

    code: ClassVar[str] = "second_factor_on"

    @property
    def sentence(self) -> str:
        return "Вход с кодом уже включён. Чтобы подключить другое приложение, сначала отключите его."


class SecondFactorOff(RefusalOfEmployee):
    """The user signs in without a second factor. Facts: `employee_id`."""

    code: ClassVar[str] = "second_factor_off"

    @property
    def sentence(self) -> str:
        return "Вход с кодом не включён, отключать нечего."


def access_id_of(employee_id: UUID) -> UUID:
    """The id of an employee's access."""
    return uuid5(employee_id, "access")


class UserAccess(Aggregate):
    TOPIC = "access"

    employee_id: UUID
    email: str
    rights_set_id: UUID
    allowed: bool
    second_factor: bool = False
    """Signing in needs a code as well as the password. Survives a withdrawal and a new grant."""

    class Granted(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.granted.1"
        employee_id: UUID
        email: str
        rights_set_id: UUID

    class RightsSetAssigned(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.rights-set-assigned.1"
        old: UUID
        new: UUID

    class EmailChanged(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.email-changed.1"
        old: str
        new: str

    class PasswordSet(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.password-set.1"

    class Withdrawn(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.withdrawn.1"

    class SecondFactorEnabled(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.second-factor-enabled.1"

    class SecondFactorRemoved(Event, frozen=True):
        TOPIC: ClassVar[str] = "access.second-factor-removed.1"

    def grant(self, employee_id: UUID, email: str, rights_set_id: UUID, *, at: datetime) -> None:
        """Grant access, for the first time or after a withdrawal."""
        address = checked_email("email", email, required=True)
        self.trigger(self.Granted, employee_id=employee_id, email=address, rights_set_id=rights_set_id, at=at)

    def change_email(self, email: str, *, at: datetime) -> None:
        self._require_allowed()
        address = checked_email("email", email, required=True)
        if address != self.email:
            self.trigger(self.EmailChanged, old=self.email, new=address, at=at)

    def assign_rights_set(self, rights_set_id: UUID, *, manages: bool, managers: Collection[UUID], at: datetime) -> None:
        """`manages`: the new set can manage rights. `managers`: access ids of all who can now."""
        self._require_allowed()
        if rights_set_id != self.rights_set_id:
            if not manages:
                self._leave_to_others(managers)
            self.trigger(self.RightsSetAssigned, old=self.rights_set_id, new=rights_set_id, at=at)

    def note_password(self, *, at: datetime) -> None:
        """Record that a password was set."""
        self._require_allowed()
        self.trigger(self.PasswordSet, at=at)

    def enable_second_factor(self, *, at: datetime) -> None:
        """Record that signing in needs a code from now on."""
        self._require_allowed()
        if self.second_factor:
            raise SecondFactorOn(employee_id=self.employee_id)
        self.trigger(self.SecondFactorEnabled, at=at)

    def remove_second_factor(self, *, at: datetime) -> None:
        """Done by the user, or by a rights manager when the user has lost the device."""
        if not self.second_factor:
            raise SecondFactorOff(employee_id=self.employee_id)
        self.trigger(self.SecondFactorRemoved, at=at)

    def withdraw(self, managers: Collection[UUID], *, at: datetime) -> None:
        """`managers`: access ids of all who can manage rights now."""
        self._require_allowed()
        self._leave_to_others(managers)
        self.trigger(self.Withdrawn, at=at)

    def _leave_to_others(self, managers: Collection[UUID]) -> None:
        if set(managers) == {self.id}:
            raise LastRightsManager(employee_id=self.employee_id)

    def _require_allowed(self) -> None:
        if not self.allowed:
            raise NoAccess(employee_id=self.employee_id)

    @applies(Granted)
    def _granted(self, event: Granted) -> None:
        self.employee_id = event.employee_id
        self.email = event.email
        self.rights_set_id = event.rights_set_id
        self.allowed = True

    @applies(RightsSetAssigned)
    def _rights_set_assigned(self, event: RightsSetAssigned) -> None:
        self.rights_set_id = event.new

    @applies(EmailChanged)
    def _email_changed(self, event: EmailChanged) -> None:
        self.email = event.new

    @applies(PasswordSet)
    def _password_set(self, _: PasswordSet) -> None:
        """The secret itself is stored elsewhere."""

    @applies(Withdrawn)
    def _withdrawn(self, _: Withdrawn) -> None:
        self.allowed = False

    @applies(SecondFactorEnabled)
    def _second_factor_enabled(self, _: SecondFactorEnabled) -> None:
        self.second_factor = True

    @applies(SecondFactorRemoved)
    def _second_factor_removed(self, _: SecondFactorRemoved) -> None:
        self.second_factor = False
