"""The tests that go through all routes can't pass without having looked: each read model about people has a stranger's row."""

from uuid import UUID

import msgspec
import pytest

from readmodels.table import Table
from tests.api.strangers import NOBODYS, READ_MODELS, require_all_known, rows_of_strangers
from tests.api.world import World


class Payment(msgspec.Struct, frozen=True):
    payment_id: UUID
    doctor_id: UUID | None


class Delivery(msgspec.Struct, frozen=True):
    delivery_id: UUID
    supplier_id: UUID


PAYMENTS, DELIVERIES = Table("payments", Payment, key=("payment_id",)), Table("deliveries", Delivery, key=("delivery_id",))


@pytest.mark.spec("ACL-6", "ACL-9")
def test_every_read_model_says_whether_it_is_about_people() -> None:
    require_all_known()
    require_all_known((*READ_MODELS, PAYMENTS))
    require_all_known((*READ_MODELS, DELIVERIES), NOBODYS | {"deliveries"})
    for tables, nobodys in (((*READ_MODELS, DELIVERIES), NOBODYS), ((*READ_MODELS, PAYMENTS), NOBODYS | {"payments"})):
        with pytest.raises(AssertionError, match="NOBODYS"):
            require_all_known(tables, nobodys)


@pytest.mark.spec("ACL-6", "ACL-9")
def test_a_read_model_about_people_without_a_strangers_row_is_noticed(world: World) -> None:
    """As a new one is, of which the tests' world has none."""
    doctor, colleague, payment = (str(UUID(int=n)) for n in (1, 2, 3))
    with world.denta.database.connection() as connection:
        connection.execute(PAYMENTS.create_sql())
        connection.execute("INSERT INTO payments VALUES (%s, %s)", [payment, colleague])
    assert rows_of_strangers(world, {"doctor": colleague}, (PAYMENTS,)) == {"payment_id": {payment}}
    with pytest.raises(AssertionError, match=r"payments\.doctor_id"):
        rows_of_strangers(world, {"doctor": doctor}, (PAYMENTS,), seconds=0)
