"""The tests that go through all routes can't pass without having looked: each read model about people has a stranger's row."""

from uuid import UUID

import msgspec
import pytest

from readmodels.table import Table
from tests.api.strangers import NOBODYS, READ_MODELS, require_all_known, rows_of_strangers
from tests.api.world import World


class Tip(msgspec.Struct, frozen=True):
    tip_id: UUID
    doctor_id: UUID | None


class Delivery(msgspec.Struct, frozen=True):
    delivery_id: UUID
    supplier_id: UUID


TIPS, DELIVERIES = Table("tips", Tip, key=("tip_id",)), Table("deliveries", Delivery, key=("delivery_id",))


@pytest.mark.spec("ACL-6", "ACL-9")
def test_every_read_model_says_whether_it_is_about_people() -> None:
    require_all_known()
    require_all_known((*READ_MODELS, TIPS))
    require_all_known((*READ_MODELS, DELIVERIES), NOBODYS | {"deliveries"})
    for tables, nobodys in (((*READ_MODELS, DELIVERIES), NOBODYS), ((*READ_MODELS, TIPS), NOBODYS | {"tips"})):
        with pytest.raises(AssertionError, match="NOBODYS"):
            require_all_known(tables, nobodys)


@pytest.mark.spec("ACL-6", "ACL-9")
def test_a_read_model_about_people_without_a_strangers_row_is_noticed(world: World) -> None:
    """As a new one is, of which the tests' world has none."""
    doctor, colleague, tip = (str(UUID(int=n)) for n in (1, 2, 3))
    with world.denta.database.connection() as connection:
        connection.execute(TIPS.create_sql())
        connection.execute("INSERT INTO tips VALUES (%s, %s)", [tip, colleague])
    assert rows_of_strangers(world, {"doctor": colleague}, (TIPS,)) == {"tip_id": {tip}}
    with pytest.raises(AssertionError, match=r"tips\.doctor_id"):
        rows_of_strangers(world, {"doctor": doctor}, (TIPS,), seconds=0)
