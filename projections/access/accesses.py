"""Who may use the system."""

from uuid import UUID

from msgspec.structs import replace

from aggregates.access.user_access import UserAccess
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.access.accesses import TABLE, AccessRow


def _granted(row: AccessRow | None, key: UUID, event: UserAccess.Granted, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return AccessRow(
        key,
        event.employee_id,
        event.email,
        event.rights_set_id,
        allowed=True,
        second_factor=row is not None and row.second_factor,
        version=event.originator_version,
    )


def _assigned(row: AccessRow, key: UUID, event: UserAccess.RightsSetAssigned, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, rights_set_id=event.new, version=event.originator_version)


def _email(row: AccessRow, key: UUID, event: UserAccess.EmailChanged, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, email=event.new, version=event.originator_version)


def _password(row: AccessRow, key: UUID, event: UserAccess.PasswordSet, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, version=event.originator_version)


def _withdrawn(row: AccessRow, key: UUID, event: UserAccess.Withdrawn, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, allowed=False, version=event.originator_version)


def _enabled(row: AccessRow, key: UUID, event: UserAccess.SecondFactorEnabled, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, second_factor=True, version=event.originator_version)


def _removed(row: AccessRow, key: UUID, event: UserAccess.SecondFactorRemoved, envelope: Envelope) -> AccessRow:  # noqa: ARG001
    return replace(row, second_factor=False, version=event.originator_version)


ACCESSES = Projection(
    "accesses",
    TABLE,
    revision=2,
    audience=Audience("employees", "rights"),
    handlers={
        UserAccess.Granted: Handler(own_key, _granted),
        UserAccess.RightsSetAssigned: Handler(own_key, existing(_assigned)),
        UserAccess.EmailChanged: Handler(own_key, existing(_email)),
        UserAccess.PasswordSet: Handler(own_key, existing(_password)),
        UserAccess.SecondFactorEnabled: Handler(own_key, existing(_enabled)),
        UserAccess.SecondFactorRemoved: Handler(own_key, existing(_removed)),
        UserAccess.Withdrawn: Handler(own_key, existing(_withdrawn)),
    },
    one_stream=True,
)
