"""Who may use the system."""

from msgspec.structs import replace

from aggregates.access.user_access import UserAccess
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import existing
from readmodels.access.user_accesses import TABLE, UserAccessRow


def _granted(row: UserAccessRow | None, event: UserAccess.Granted) -> UserAccessRow:
    return UserAccessRow(
        event.originator_id,
        event.employee_id,
        event.email,
        event.rights_set_id,
        allowed=True,
        second_factor=row is not None and row.second_factor,
        version=event.originator_version,
    )


def _assigned(row: UserAccessRow, event: UserAccess.RightsSetAssigned) -> UserAccessRow:
    return replace(row, rights_set_id=event.new, version=event.originator_version)


def _email(row: UserAccessRow, event: UserAccess.EmailChanged) -> UserAccessRow:
    return replace(row, email=event.new, version=event.originator_version)


def _password(row: UserAccessRow, event: UserAccess.PasswordSet) -> UserAccessRow:
    return replace(row, version=event.originator_version)


def _withdrawn(row: UserAccessRow, event: UserAccess.Withdrawn) -> UserAccessRow:
    return replace(row, allowed=False, version=event.originator_version)


def _enabled(row: UserAccessRow, event: UserAccess.SecondFactorEnabled) -> UserAccessRow:
    return replace(row, second_factor=True, version=event.originator_version)


def _removed(row: UserAccessRow, event: UserAccess.SecondFactorRemoved) -> UserAccessRow:
    return replace(row, second_factor=False, version=event.originator_version)


ACCESSES = Projection(
    "accesses",
    TABLE,
    revision=2,
    audience=Audience("employees", "rights"),
    handlers={
        UserAccess.Granted: Own(_granted),
        UserAccess.RightsSetAssigned: Own(existing(_assigned)),
        UserAccess.EmailChanged: Own(existing(_email)),
        UserAccess.PasswordSet: Own(existing(_password)),
        UserAccess.SecondFactorEnabled: Own(existing(_enabled)),
        UserAccess.SecondFactorRemoved: Own(existing(_removed)),
        UserAccess.Withdrawn: Own(existing(_withdrawn)),
    },
    one_stream=True,
)
