"""What the demonstration's visits have beside their service: goods sold, discounts, other materials, the surgeon's warehouse."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from aggregates.catalogues import Goods, Warehouse
from aggregates.money.discounts import Discount
from aggregates.scheduling.visit_lines import MaterialLine, Performer
from commands.scheduling import visit
from commands.scheduling.visit_lines import RequestedGoods, RequestedLine
from services.demo.catalogues import Catalogues
from services.demo.timeline import Timeline

SURGEON = "zaitsev"
_BRUSH, _PASTE = "Щётка ортодонтическая", "Паста профессиональная, 100 мл"
_ANAESTHETIC, _NEEDLE = "Анестетик артикаиновый, карпула", "Игла карпульная"
_PERCENTS = ("5", "10", "15")
_ASSISTANTS = ("assistant1", "assistant2")


class VisitDocuments:
    """Writes into some visits, by chances of their own: the timeline's random choices stay as they are."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues) -> None:
        self._timeline, self._catalogues = timeline, catalogues

    def plan(self, visit_id: UUID, key: str, service_id: UUID, local: datetime) -> None:
        """`local`: when the visit is under way."""
        chance = Random(f"{visit_id}:document")
        fields = dict(self._fields(chance, key, service_id))
        if fields:
            self._timeline.at(local, partial(self._write, visit_id, chance.choice(self._timeline.receptionists), fields))

    def _fields(self, chance: Random, key: str, service_id: UUID) -> Iterator[tuple[str, Any]]:
        if key != SURGEON and chance.random() < 0.06:
            name = chance.choice((_BRUSH, _PASTE))
            yield "goods", [RequestedGoods(self._goods(name), Decimal(chance.choice((1, 1, 2))))]
        if chance.random() < 0.06:
            yield "discount", Discount("percent", Decimal(chance.choice(_PERCENTS)))
        if chance.random() < 0.03:
            yield "lines", [RequestedLine(service_id, performers=tuple(self._performers(chance, key)))]
        if key == SURGEON:
            yield "warehouse_id", self._catalogues.id(Warehouse, "Склад хирургии")
        elif chance.random() < 0.04:
            used = chance.choice((1, 2))
            yield "materials", [MaterialLine(self._goods(name), Decimal(used)) for name in (_ANAESTHETIC, _NEEDLE)]

    def _performers(self, chance: Random, key: str) -> Iterator[Performer]:
        yield Performer(self._timeline.doctors[key][0], "doctor", Decimal(80))
        yield Performer(self._timeline.doctors[chance.choice(_ASSISTANTS)][0], "assistant", Decimal(20))

    def _write(self, visit_id: UUID, receptionist: UUID, fields: Mapping[str, Any], moment: datetime) -> None:
        ctx = self._timeline.by(receptionist, moment, "change_visit")
        visit.change_visit(self._timeline.clinic, ctx, visit_id, **fields)

    def _goods(self, name: str) -> UUID:
        return self._catalogues.id(Goods, name)
