"""Certificates and patients' accounts through the API: who may what, and what isn't there."""

from uuid import uuid4

import pytest

from aggregates.access.rights import PREDEFINED_SETS
from tests.api.world import Browser, World

SELLS_ONLY = next(one.name for one in PREDEFINED_SETS if "certificates" in one.rights and "refunds" not in one.rights)


@pytest.mark.parametrize("way", ["delete", "return"])
def test_certificates_are_deleted_and_returned_by_those_who_may_refund(way: str, world: World, administrator: Browser) -> None:
    url = f"/api/certificates/{uuid4()}/{way}"
    administrator.do("POST", url, version=1, expect=404)
    with world.browser(SELLS_ONLY) as reception:
        assert reception.do("POST", url, version=1, expect=403)["code"] == "right_missing"
        reception.get_ok("/api/certificates")


def test_nobody_has_an_account_without_a_card(administrator: Browser) -> None:
    administrator.do("GET", f"/api/patients/{uuid4()}/account", expect=404)
