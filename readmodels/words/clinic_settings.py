"""Words of the clinic's settings, also used by their own screen."""

from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS, SETTINGS_ID, ClinicSettings
from aggregates.values import Scalar
from readmodels.words.declaration import Text, Words
from readmodels.words.values import Change, Described, Named


def setting_label(name: str) -> str:
    """A setting's label; the name itself for a setting of older programs."""
    return SETTINGS[name].label if name in SETTINGS else name


def format_setting(name: str, value: Scalar) -> str | Named | None:
    """A value for people; None for nothing."""
    if value is None or value == "":
        return None
    setting = SETTINGS.get(name)
    if setting is None:
        return str(value)
    return Named(setting.refers, UUID(str(value))) if setting.type == "reference" else setting.format_value(value)


def _opened(event: ClinicSettings.Opened) -> list[Change]:
    values = ((name, format_setting(name, value)) for name, value in event.values.items())
    return [Change(setting_label(name), None, value) for name, value in values if value is not None]


def _changed(event: ClinicSettings.Changed) -> list[Change]:
    return [Change(setting_label(c.field), format_setting(c.field, c.old), format_setting(c.field, c.new)) for c in event.changes]


def _state(settings: ClinicSettings) -> Described:
    return [(setting.label, format_setting(name, settings.values[name])) for name, setting in SETTINGS.items()]


CLINIC_SETTINGS = Words(
    kind=ClinicSettings,
    label="Настройки клиники",
    only_id=SETTINGS_ID,
    actions={"settings": "Изменение настроек", "opened": "Начало работы"},
    events={
        ClinicSettings.Opened: Text("opened", "заданы впервые", _opened),
        ClinicSettings.Changed: Text("settings", "изменены", _changed),
    },
    state=_state,
)
