"""Words of accesses to the system."""

from uuid import UUID

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess
from readmodels.words.declaration import ByWords, Text, Words
from readmodels.words.employee import employee
from readmodels.words.person import EMPLOYEE_NAME, EMPLOYEE_TEXT
from readmodels.words.values import YES_NO, Change, Described, Named


def _rights_set(rights_set_id: UUID) -> Named:
    return Named(RightsSet.TOPIC, rights_set_id)


def _granted(event: UserAccess.Granted) -> list[Change]:
    return [
        Change("Сотрудник", None, employee(event.employee_id)),
        Change("E-mail для входа", None, event.email),
        Change("Набор прав", None, _rights_set(event.rights_set_id)),
    ]


def _assigned(event: UserAccess.RightsSetAssigned) -> list[Change]:
    return [Change("Набор прав", _rights_set(event.old), _rights_set(event.new))]


def _state(access: UserAccess) -> Described:
    return [
        ("Сотрудник", employee(access.employee_id)),
        ("E-mail для входа", access.email),
        ("Набор прав", _rights_set(access.rights_set_id)),
        ("Разрешён", YES_NO[access.allowed]),
        ("Вход с кодом", YES_NO[access.second_factor]),
    ]


USER_ACCESS = Words(
    kind=UserAccess,
    label="Доступ к системе",
    title="Доступ к системе ({0})",
    names=f"""SELECT a.access_id, {EMPLOYEE_NAME} FROM accesses a JOIN employees t USING (employee_id)
      WHERE a.access_id = ANY(%s)""",
    found_by=ByWords("SELECT a.access_id FROM accesses a JOIN employees t USING (employee_id)", EMPLOYEE_TEXT),
    actions={
        "access": "Доступ к системе",
        "password": "Смена пароля",
        "second_factor": "Вход с кодом",
        "rights": "Права доступа",
    },
    events={
        UserAccess.Granted: Text("access", "разрешён", _granted, lambda e: [e.employee_id, e.rights_set_id]),
        UserAccess.RightsSetAssigned: Text("rights", ": назначен другой набор прав", _assigned, lambda e: [e.old, e.new]),
        UserAccess.EmailChanged: Text(
            "access", ": изменён адрес для входа", lambda e: [Change("E-mail для входа", e.old, e.new)]
        ),
        UserAccess.PasswordSet: Text("password", ": задан новый пароль"),
        UserAccess.SecondFactorEnabled: Text("second_factor", ": включён вход с кодом"),
        UserAccess.SecondFactorRemoved: Text("second_factor", ": отключён вход с кодом"),
        UserAccess.Withdrawn: Text("access", "закрыт"),
    },
    state=_state,
)
