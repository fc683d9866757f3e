from datetime import timedelta

import pytest

from aggregates.catalogues import Warehouse
from commands.catalogue import create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from readmodels.clinic.clinic_settings_history import SettingThen, history
from tests.aggregates.scenario import NOW
from tests.readmodels.conftest import Story


@pytest.mark.spec("CLN-3")
def test_settings_are_known_as_of_any_moment_with_every_change(story: Story) -> None:
    moment = NOW + timedelta(hours=1)
    cellar = story.do(create_entry, Warehouse, {"name": "Подвал"}).id
    chosen = {"calendar_step": 30, "default_warehouse": str(cellar)}
    story.do(change_settings, chosen, now=moment)
    story.do(change_settings, {"calendar_step": 15, "inn": "7707083893"}, now=moment + timedelta(hours=1))
    story.do(delete_entry, Warehouse, cellar)

    def at(minutes: int) -> dict[str, SettingThen]:
        then = history(story.read, story.denta.decoders, moment + timedelta(minutes=minutes), {"booking", "stock"})
        return {item.name: item for item in then}

    assert [at(minutes)["calendar_step"].then for minutes in (-1, 0, 59, 60)] == [
        "20 минут", "30 минут", "30 минут", "15 минут",
    ]  # fmt: skip
    assert [at(minutes)["default_warehouse"].then for minutes in (-1, 0)] == ["Основной склад", "Подвал"]
    assert at(-10_000)["calendar_step"].then is None
    now = at(0)["calendar_step"]
    assert (now.now, at(0)["patients_at_once"].then) == ("15 минут", "Несколько пациентов")
    assert [(change.old, change.new) for change in now.changes] == [
        ("30 минут", "15 минут"), ("20 минут", "30 минут"),
    ]  # fmt: skip
    assert (now.changes[0].author, now.changes[0].address) == (now.changes[1].author, "10.0.0.7")
    assert now.changes[0].moment == moment + timedelta(hours=1)
    assert "inn" not in at(0)
