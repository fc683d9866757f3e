"""Another unit for goods that have moved, by the card and by a file (STK-1)."""

import pytest

from aggregates.catalogues import Unit, first_entry_id
from tests.api.excel_loading import Loading, sheet
from tests.api.test_stock_documents import PIECE, Shelf
from tests.api.world import Browser, World

pytestmark = pytest.mark.spec("STK-1")


@pytest.fixture
def moved(administrator: Browser) -> Shelf:
    shelf = Shelf(administrator)
    shelf.receive("2026-10-01T10:30", "100.00", post=True)
    return shelf


def test_the_card_names_the_field_and_the_unit(moved: Shelf) -> None:
    path, unit = f"/api/goods/{moved.gloves}", str(first_entry_id(Unit, "минута"))
    version = moved.browser.get_ok(path)["version"]
    refused = moved.browser.do("PATCH", path, {"fields": {"write_off_unit": unit}}, version=version, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("balance_unit_fixed", "write_off_unit")
    assert f"Товар «Перчатки {moved.word}» есть в проведённых документах" in refused["title"]


@pytest.mark.thorough
def test_a_file_changes_it_no_more_than_the_card(moved: Shelf, world: World) -> None:
    file = sheet(("ID", "Единица измерения (списание)"), (moved.gloves, "минута"))
    loading = Loading(world, moved.browser, "goods", file)
    loading.then("start")
    assert loading.counts["failed"] == 1
    assert "учитывается в единицах «штука»" in str(loading.rows("edit"))
    assert moved.browser.get_ok(f"/api/goods/{moved.gloves}")["fields"]["write_off_unit"] == PIECE
