"""Who may use the system."""

from msgspec.structs import replace

from aggregates.access.user_access import UserAccess
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import existing
from readmodels.access.accesses import TABLE, AccessRow


def _granted(row: AccessRow | None, event: UserAccess.Granted) -> AccessRow:
    return AccessRow(
        event.originator_id,
        event.employee_id,
        event.email,
        event.rights_set_id,
        allowed=True,
        second_factor=row is not None and row.second_factor,
        version=event.originator_version,
    )


def _assigned(row: AccessRow, event: UserAccess.RightsSetAssigned) -> AccessRow:
    return replace(row, rights_set_id=event.new, version=event.originator_version)


def _email(row: AccessRow, event: UserAccess.EmailChanged) -> AccessRow:
    return replace(row, email=event.new, version=event.originator_version)


def _password(row: AccessRow, event: UserAccess.PasswordSet) -> AccessRow:
    return replace(row, version=event.originator_version)


def _withdrawn(row: AccessRow, event: UserAccess.Withdrawn) -> AccessRow:
    return replace(row, allowed=False, version=event.originator_version)


def _enabled(row: AccessRow, event: UserAccess.SecondFactorEnabled) -> AccessRow:
    return replace(row, second_factor=True, version=event.originator_version)


def _removed(row: AccessRow, event: UserAccess.SecondFactorRemoved) -> AccessRow:
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
