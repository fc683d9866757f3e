"""Words of rights sets, and labels of rights: their paths in the tree."""

from collections.abc import Iterable

from aggregates.access.rights import DECLARED
from aggregates.access.rights_set import RightsSet
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described

_OWN_SCHEDULE_ONLY = "Видит только своё расписание"
_OPENS_ALL_PATIENTS = "Открывает карты всех пациентов"


LABELS: dict[str, str] = {right.key: f"{right.section} – {right.label}" if right.section else right.label for right in DECLARED}
"""Key of a right → «Продажи – Пациенты»."""


def format_rights(rights: Iterable[str]) -> str | None:
    """Rights by their labels, in one text."""
    return "; ".join(LABELS.get(right, right) for right in rights) or None


def _page(start_page: str) -> str | None:
    """The label of the start page; None if there is none."""
    return LABELS.get(start_page, start_page) or None


def _created(event: RightsSet.Created) -> list[Change]:
    return [
        Change("Наименование", None, event.name),
        Change("Стартовая страница", None, _page(event.start_page)),
        Change("Права", None, format_rights(event.rights)),
    ]


def _changed(event: RightsSet.Changed) -> Iterable[Change]:
    if event.name:
        yield Change("Наименование", event.name.old, event.name.new)
    if event.start_page:
        yield Change("Стартовая страница", _page(event.start_page.old), _page(event.start_page.new))
    if event.rights:
        old, new = event.rights.old, event.rights.new
        if given := format_rights(right for right in new if right not in old):
            yield Change("Права даны", None, given)
        if taken := format_rights(right for right in old if right not in new):
            yield Change("Права сняты", taken, None)
    for label, option in ((_OWN_SCHEDULE_ONLY, event.own_schedule_only), (_OPENS_ALL_PATIENTS, event.opens_all_patients)):
        if option:
            yield Change(label, YES_NO[option.old], YES_NO[option.new])


def _state(rights_set: RightsSet) -> Described:
    return [
        ("Наименование", rights_set.name),
        ("Стартовая страница", _page(rights_set.start_page)),
        ("Права", format_rights(rights_set.rights)),
        (_OWN_SCHEDULE_ONLY, YES_NO[rights_set.own_schedule_only]),
        (_OPENS_ALL_PATIENTS, YES_NO[rights_set.opens_all_patients]),
        ("Удалён", YES_NO[rights_set.deleted]),
    ]


RIGHTS_SET = Words(
    kind=RightsSet,
    label="Набор прав",
    title="Набор прав «{0}»",
    names="SELECT rights_set_id, name FROM rights_sets WHERE rights_set_id = ANY(%s)",
    found_by=ByWords("SELECT rights_set_id FROM rights_sets", LETTERS.format("name")),
    actions={"rights": "Права доступа"},
    events={
        RightsSet.Created: Text("rights", "создан", _created),
        RightsSet.Changed: Text("rights", "изменён", _changed),
        RightsSet.Deleted: Text("rights", "удалён"),
        RightsSet.Returned: Text("rights", "возвращён"),
    },
    state=_state,
)
