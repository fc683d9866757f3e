"""Who may use the system."""

from aggregates.access.user_access import UserAccess
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import sets
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


ACCESSES = Projection(
    "accesses",
    TABLE,
    revision=2,
    audience=Audience("employees", "rights"),
    handlers={
        UserAccess.Granted: Own(_granted),
        **sets(UserAccess.RightsSetAssigned, lambda event: {"rights_set_id": event.new}),
        **sets(UserAccess.EmailChanged, lambda event: {"email": event.new}),
        **sets(UserAccess.PasswordSet, lambda _: {}),
        **sets(UserAccess.SecondFactorEnabled, lambda _: {"second_factor": True}),
        **sets(UserAccess.SecondFactorRemoved, lambda _: {"second_factor": False}),
        **sets(UserAccess.Withdrawn, lambda _: {"allowed": False}),
    },
    one_stream=True,
)
