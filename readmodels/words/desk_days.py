"""Words of the closed days of cash desks."""

from collections.abc import Iterable

from aggregates.money.desk_days import DeskDays
from readmodels.words.declaration import LETTERS, ByWords, Sentence, Text, Words
from readmodels.words.values import Change, Described, Named, format_day, format_rubles


def _closed(event: DeskDays.Closed) -> Iterable[Change]:
    turnover = event.turnover
    for label, value in (
        ("остаток на начало", turnover.opening),
        ("приход", turnover.income),
        ("расход", turnover.outgo),
        ("перемещено в кассу", turnover.transfer_in),
        ("перемещено из кассы", turnover.transfer_out),
        ("по документам", turnover.closing),
        ("фактически", event.counted),
    ):
        yield Change(label, None, format_rubles(value))
    if event.difference:
        yield Change("расхождение", None, format_rubles(event.difference))
        yield Change("причина", None, event.reason)
    if event.booked is not None:
        yield Change("расхождение записано", None, Named(event.booked_kind, event.booked))


def _state(days: DeskDays) -> Described:
    yield "Закрыта по", format_day(days.last) if days.last else None
    yield "Закрытых дней", str(len(days.closed))


_ROWS = "FROM closed_days d JOIN catalogue c ON c.entry_id = d.desk_id"
DESK_DAYS = Words(
    kind=DeskDays,
    label="Дни кассы",
    title="Дни кассы «{0}»",
    names=f"SELECT DISTINCT d.days_id, c.name {_ROWS} WHERE d.days_id = ANY(%s)",
    found_by=ByWords(f"SELECT d.days_id {_ROWS}", LETTERS.format("c.name")),
    actions={"desk_day_closed": "Закрытие дня кассы", "desk_day_reopened": "Открытие закрытого дня кассы"},
    events={
        DeskDays.Closed: Text(
            "desk_day_closed",
            Sentence((": закрыт день {}",), lambda event, closed: closed.format(format_day(event.day))),
            _closed,
            lambda event: [event.desk_id, event.booked],
        ),
        DeskDays.Reopened: Text(
            "desk_day_reopened",
            Sentence((": снова открыт день {}",), lambda event, opened: opened.format(format_day(event.day))),
            lambda event: [Change("причина", None, event.reason)],
            lambda event: [event.desk_id],
        ),
    },
    state=_state,
)
