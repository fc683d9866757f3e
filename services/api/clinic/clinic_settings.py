"""The clinic's settings: the pages «Настройки клиники» and «Информация о клинике», each with its right, of one aggregate."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection
from pydantic import Field, StrictBool, StrictInt, create_model

from aggregates.access.rights import Right
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.clinic_settings import SETTINGS, SETTINGS_ID, ClinicSettings
from aggregates.clinic.setting import GROUPS, SettingGroup
from aggregates.clinic.setting import Setting as DeclaredSetting
from aggregates.fields import FieldType
from aggregates.values import Scalar
from commands.clinic import clinic_settings as commands
from readmodels import catalogue as catalogue_read
from readmodels.clinic import clinic_settings_history
from services.api.fields import changed_with, given
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import Done, Moment, Schema, Text

INFORMATION: frozenset[SettingGroup] = frozenset({"information"})
Value = StrictBool | Annotated[StrictInt, Field(ge=-2_000_000_000, le=2_000_000_000)] | Text
_CATALOGUES = {kind.TOPIC: kind for kind in CATALOGUES}


class SettingChoice(Schema):
    value: Value
    label: str


class OnlyWith(Schema):
    """Another setting and its value."""

    name: str
    value: Value


class Setting(Schema):
    """One setting. `max_length`: of a text; `minimum`, `maximum`: of a number. `choices`: the values to choose from, for a
    reference the entries that aren't deleted; null where any value of the type may be entered. `only_with`: the setting that
    this one depends on; `waits_for`: the part of the product that has to be built before the setting has an effect, or "".
    """

    name: str
    label: str
    hint: str
    group: SettingGroup
    type: FieldType
    max_length: int
    minimum: int
    maximum: int
    value: Value
    default: Value
    choices: list[SettingChoice] | None
    only_with: OnlyWith | None
    waits_for: str


class SettingsGroup(Schema):
    key: SettingGroup
    title: str


class Settings(Schema):
    id: UUID
    version: int
    groups: list[SettingsGroup]
    settings: list[Setting]


@mirrors(clinic_settings_history.SettingChange)
class SettingHistoryEntry(Schema):
    pass


@mirrors(clinic_settings_history.SettingThen)
class SettingHistory(Schema):
    pass


class SettingsHistory(Schema):
    items: list[SettingHistory]


class HistoryQuery(Schema):
    """A moment of the clinic's wall clock; the present by default."""

    moment: Moment | None = None


def page_routes(tag: str, path: str, right: Right, groups: Collection[SettingGroup]) -> Routes:
    """The routes of one page of settings."""
    routes = Routes(tag)
    allowed = NeedsRight(right)
    shown = {name: setting for name, setting in SETTINGS.items() if setting.group in groups}
    changes = _changes(tag, shown)

    @routes.get(path, allowed, answer=Settings, reads=("catalogue",))
    def settings(call: Call) -> Any:
        """The settings with labels, defaults and allowed values."""
        now = call.clinic.load(ClinicSettings, SETTINGS_ID)
        with call.reading() as conn:
            shown_settings = [_setting(conn, setting, now.values[name]) for name, setting in shown.items()]
        titles = [{"key": key, "title": title} for key, title in GROUPS.items() if key in groups]
        return call.versioned(
            {"id": SETTINGS_ID, "version": now.version, "groups": titles, "settings": shown_settings}, now.version
        )

    @routes.patch(path, allowed, answer=Done, versioned=True)
    def change(call: Call, body: changes) -> Any:  # type: ignore[valid-type]  # built from the settings
        """Change settings of this page."""
        values = given(body, "values")
        return call.done(commands.change_settings(call.clinic, call.context("change_settings"), values, expected=call.expected))

    @routes.get(f"{path}/history", allowed, answer=SettingsHistory, reads=("catalogue", "employees"), heavy=SEARCHES)
    def history(call: Call, query: Annotated[HistoryQuery, Query()]) -> Any:
        """Each setting at a moment and now, with all its changes."""
        moment = call.denta.clock() if query.moment is None else query.moment.replace(tzinfo=call.zone)
        with call.reading() as conn:
            return call.answer({"items": clinic_settings_history.history(conn, call.denta.decoders, moment, groups)})

    return routes


def _changes(tag: str, shown: Mapping[str, DeclaredSetting]) -> type[Schema]:
    """The body of a page's changes: setting → new value. Omitted settings stay."""
    words = "".join(word.capitalize() for word in tag.split("_"))

    class Values(Schema):
        pass

    Values.__name__ = f"{words}Values"
    return create_model(
        f"{words}Change", __base__=Schema, __module__=__name__, values=(changed_with(shown.values())(Values), ...)
    )


def _setting(conn: Connection[Any], setting: DeclaredSetting, value: Scalar) -> dict[str, Any]:
    return {
        "name": setting.name,
        "label": setting.label,
        "hint": setting.hint,
        "group": setting.group,
        "type": setting.type,
        "max_length": setting.longest,
        "minimum": setting.least,
        "maximum": setting.most,
        "value": value,
        "default": setting.default,
        "choices": _choices(conn, setting, value),
        "only_with": None if setting.only_with is None else dict(zip(("name", "value"), setting.only_with, strict=True)),
        "waits_for": setting.waits_for,
    }


def _choices(conn: Connection[Any], setting: DeclaredSetting, value: Scalar) -> list[dict[str, Any]] | None:
    if setting.type != "reference":
        return [{"value": choice, "label": label} for choice, label in setting.choices.items()] or None
    choices = {str(entry.id): entry.name for entry in catalogue_read.choices(conn, _CATALOGUES[setting.refers])}
    if value and value not in choices:  # chosen, and deleted since: it stays until another one is chosen
        choices |= {str(value): f"{name} (удалено)" for name in catalogue_read.names(conn, [UUID(str(value))]).values()}
    return [{"value": choice, "label": label} for choice, label in {"": "Не выбрано", **choices}.items()]


SETTINGS_ROUTES = (
    page_routes("settings", "/settings", "clinic_settings", frozenset(GROUPS) - INFORMATION),
    page_routes("clinic_information", "/clinic-information", "clinic_info", INFORMATION),
)
