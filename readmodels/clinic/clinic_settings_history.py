"""The clinic's settings at a moment, and all changes of each (CLN-3), read from the log itself."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import Connection

from aggregates.clinic.clinic_settings import SETTINGS, SETTINGS_ID, ClinicSettings
from aggregates.kernel import Decoders, Event
from aggregates.people.employee import Employee
from aggregates.values import Scalar
from readmodels.event_authors import Author, author_of
from readmodels.object_titles import ObjectKey, ObjectNames
from readmodels.references import Ref
from readmodels.words.clinic_settings import format_setting
from readmodels.words.values import Named


class SettingChange(msgspec.Struct, frozen=True):
    """One change of one setting. `moment`: an instant in UTC; null = nothing."""

    moment: datetime
    author: Ref | None
    address: str
    old: str | None
    new: str | None


class SettingThen(msgspec.Struct, frozen=True):
    """One setting: its value at the requested moment, its value now, and its changes since the clinic was opened, newest
    first.
    """

    name: str
    label: str
    then: str | None
    now: str | None
    changes: list[SettingChange]


class _Step(msgspec.Struct, frozen=True):
    moment: datetime
    who: Author
    old: Scalar
    new: Scalar
    first: bool
    """The initial value, which isn't a change."""


def history(conn: Connection[Any], decoders: Decoders, moment: datetime, groups: Collection[str]) -> list[SettingThen]:
    """The settings of some groups at an instant; values are None before the clinic was opened."""
    rows = conn.execute(
        "SELECT topic, state::text, metadata::text FROM events WHERE originator_id = %s ORDER BY originator_version",
        (SETTINGS_ID,),
    ).fetchall()
    steps: dict[str, list[_Step]] = {name: [] for name, setting in SETTINGS.items() if setting.group in groups}
    opened: datetime | None = None
    for topic, state, metadata in rows:
        event, who = decoders[topic](state.encode()), author_of(metadata)
        opened = opened or event.timestamp
        for name, old, new in _changed(event):
            if name in steps:
                steps[name].append(_Step(event.timestamp, who, old, new, isinstance(event, ClinicSettings.Opened)))
    names = _names(conn, steps)

    def in_words(name: str, value: Scalar) -> str | None:
        formatted = format_setting(name, value)
        return names.of(formatted) if isinstance(formatted, Named) else formatted

    def author(step: _Step) -> Ref | None:
        who = step.who.employee_id
        return None if who is None else Ref(who, names.name(Employee.TOPIC, who))

    found = []
    for name, known in steps.items():
        past = [step.new for step in known if step.moment <= moment]
        default = SETTINGS[name].default
        began = opened is not None and opened <= moment
        found.append(
            SettingThen(
                name=name,
                label=SETTINGS[name].label,
                then=in_words(name, past[-1] if past else default) if began else None,
                now=in_words(name, known[-1].new if known else default),
                changes=[
                    SettingChange(
                        s.moment.astimezone(UTC), author(s), s.who.address or "", in_words(name, s.old), in_words(name, s.new)
                    )
                    for s in reversed(known)
                    if not s.first
                ],
            )
        )
    return found


def _changed(event: Event) -> list[tuple[str, Scalar, Scalar]]:
    if isinstance(event, ClinicSettings.Opened):
        return [(name, None, value) for name, value in event.values.items()]
    if isinstance(event, ClinicSettings.Changed):
        return [(change.field, change.old, change.new) for change in event.changes]
    raise TypeError(f"{event.TOPIC} isn't an event of the settings")


def _names(conn: Connection[Any], steps: Mapping[str, list[_Step]]) -> ObjectNames:
    known = [(name, step) for name, found in steps.items() for step in found]
    keys: list[ObjectKey] = [(Employee.TOPIC, step.who.employee_id) for _, step in known if step.who.employee_id]
    return ObjectNames(conn, keys, (format_setting(name, value) for name, step in known for value in (step.old, step.new)))
