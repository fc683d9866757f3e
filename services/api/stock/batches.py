"""Batches that expire."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field as Limits

from readmodels.stock import stock_batches as read
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.routes import Routes
from services.api.mirrors import mirrors
from services.api.schemas import Schema, Signed
from services.api.stock.balances import READS, RIGHT, after

routes = Routes("stock-batches")


@mirrors(read.ExpiringBatch)
class ExpiringBatch(Schema):
    left: Signed


class ExpiringBatches(Schema):
    items: list[ExpiringBatch]


class ExpiringQuery(Schema):
    """`days`: from today on."""

    days: Annotated[int, Limits(ge=0, le=3650)] = 60


@routes.get("/stock-batches/expiring", RIGHT, answer=ExpiringBatches, reads=READS, heavy=SEARCHES)
def expiring(call: Call, query: Annotated[ExpiringQuery, Query()]) -> Any:
    """Batches of which something is left and that expire soon or have expired."""
    with call.reading() as conn:
        return call.answer({"items": read.expiring(conn, call.local_now.date() + timedelta(days=query.days), after(call))})
