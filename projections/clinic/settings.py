"""The clinic's settings, a row each."""

from collections.abc import Iterable

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.values import Scalar
from projections.audience import EVERYBODY
from projections.declaration import Envelope, PartsHandler, Projection
from readmodels.clinic.settings import TABLE, SettingRow

Values = ClinicSettings.Opened | ClinicSettings.Changed


def _opened(event: ClinicSettings.Opened, envelope: Envelope) -> Iterable[tuple[str, tuple[str, Scalar]]]:  # noqa: ARG001
    return [(name, (name, value)) for name, value in event.values.items()]


def _changed(event: ClinicSettings.Changed, envelope: Envelope) -> Iterable[tuple[str, tuple[str, Scalar]]]:  # noqa: ARG001
    return [(change.field, (change.field, change.new)) for change in event.changes]


def _setting(row: SettingRow | None, part: tuple[str, Scalar], event: Values, envelope: Envelope) -> SettingRow:  # noqa: ARG001
    name, value = part
    return SettingRow(name, value, event.timestamp, event.originator_version)


SETTINGS = Projection(
    "settings",
    TABLE,
    revision=1,
    audience=EVERYBODY,
    handlers={
        ClinicSettings.Opened: PartsHandler(_opened, _setting),
        ClinicSettings.Changed: PartsHandler(_changed, _setting),
    },
    one_stream=True,
)
