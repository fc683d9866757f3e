"""Cash desks that take money, with their kinds: for the window of payment, and for orders of cash."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogues import CashDesk
from aggregates.money.desk_kind import DeskKind

IS_CASH = "coalesce(d.card->>'kind', 'cash') = 'cash'"
"""Whether the desk `d` of the catalogue has cash."""


class PayingDesk(msgspec.Struct, frozen=True, gc=False):
    """An active desk."""

    id: UUID
    name: str
    kind: DeskKind


def paying(conn: Connection[Any]) -> list[PayingDesk]:
    """Cash first, then terminals, then bank accounts; by name."""
    found = conn.execute(
        """SELECT entry_id, name, coalesce(card->>'kind', 'cash') FROM catalogue WHERE catalogue = %s AND NOT deleted
          ORDER BY array_position(ARRAY['cash', 'terminal', 'bank'], coalesce(card->>'kind', 'cash')), name, entry_id""",
        (CashDesk.TOPIC,),
    ).fetchall()
    return [PayingDesk(*row) for row in found]


def of_cash(conn: Connection[Any], desk_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these desks have cash."""
    query = f"SELECT d.entry_id FROM catalogue d WHERE d.entry_id = ANY(%s) AND {IS_CASH}"
    return {row[0] for row in conn.execute(query, (list(desk_ids),)).fetchall()}
