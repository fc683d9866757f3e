"""The clinic's settings, a row each."""

from collections.abc import Iterable

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.kernel import Event
from aggregates.values import Scalar
from projections.audience import EVERYBODY
from projections.declaration import Parts, Projection, replaced
from readmodels.clinic.clinic_settings import TABLE, SettingRow


def _opened(event: ClinicSettings.Opened) -> Iterable[tuple[str, SettingRow]]:
    return [_setting(event, name, value) for name, value in event.values.items()]


def _changed(event: ClinicSettings.Changed) -> Iterable[tuple[str, SettingRow]]:
    return [_setting(event, change.field, change.new) for change in event.changes]


def _setting(event: Event, name: str, value: Scalar) -> tuple[str, SettingRow]:
    return name, SettingRow(name, value, event.timestamp, event.originator_version)


SETTINGS = Projection(
    "settings",
    TABLE,
    revision=1,
    audience=EVERYBODY,
    handlers={
        ClinicSettings.Opened: Parts(_opened, replaced),
        ClinicSettings.Changed: Parts(_changed, replaced),
    },
    one_stream=True,
)
