"""What was done each day in completed visits, added up: all of it, by performer, and by service and goods.

Derived together with `performed_work`, whose sums these are: a report over years adds some ten thousand rows instead of millions.
"""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from readmodels.table import Table

WorkGroup = Literal["all", "performer", "service", "goods"]
NOBODY = UUID(int=0)
"""In place of an id: of everything together, and of visits without a doctor."""


class WorkDayRow(msgspec.Struct, frozen=True):
    """A day of a group.

    visits      with at least one row of the group.
    quantity    of the services or goods; of `all` and `performer` the number of lines.
    gross, net  kopecks: without discounts, and after all of them; of a performer the shares.
    """

    day: date
    work_group: WorkGroup
    item_id: UUID
    visits: int
    quantity: Decimal
    gross: int
    net: int


TABLE = Table("work_days", WorkDayRow, key=("work_group", "day", "item_id"))
