"""The words of a concept: name and title, sentences and changes of events, state, search.

One `Words` per kind of aggregate, in `readmodels/words/<concept>.py`. Journal, history, titles and the journal's search are built
from these and know no concept by name. A sentence is what follows the object's title: «Визит № 12» + «удалён»,
«Доступ к системе (…)» + «: задан новый пароль». Titles and names are joined when the journal is read, because an event
doesn't repeat earlier facts. All functions are pure functions of the event or the aggregate.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.kernel import Aggregate, Event
from readmodels.words.values import Change, Described


@dataclass(frozen=True)
class Sentence:
    """A sentence that depends on its event.

    phrases  its fixed texts, with `{}` where something is filled in.
    fill     builds the sentence from the event and these phrases.
    labels   fixed texts that may be filled in, such as names of statuses.

    The journal's search only looks for words of phrases and labels in sentences.
    """

    phrases: tuple[str, ...]
    fill: Callable[..., str]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """The journal's text for a class of events.

    action   the kind of action: a key of `Words.actions`.
    summary  the sentence.
    changes  old and new values, computed when an entry is read.
    refs     ids of other objects concerned.
    """

    action: str
    summary: str | Sentence
    changes: Callable[[Any], Iterable[Change]] = lambda _: ()
    refs: Callable[[Any], Iterable[UUID | None]] = lambda _: ()

    def summary_of(self, event: Event) -> str:
        """The sentence of one event."""
        if isinstance(self.summary, str):
            return self.summary
        return self.summary.fill(event, *self.summary.phrases)

    @property
    def fixed(self) -> tuple[str, ...]:
        """All texts that don't depend on the event."""
        return (self.summary,) if isinstance(self.summary, str) else (*self.summary.phrases, *self.summary.labels)


@dataclass(frozen=True)
class ByWords:
    """Objects found by words: their text contains every word of a query.

    select  SQL that selects ids, without a condition.
    text    SQL of the text, in the form of `search_text.normal`.
    """

    select: str
    text: str


@dataclass(frozen=True)
class ByNumber:
    """Objects found by number: `select` selects ids by `%(numbers)s`."""

    select: str


LETTERS = "translate(lower({0}), 'ё', 'е')"
"""SQL: a text {0} in the form of `search_text.normal`."""


def _nothing(conn: Connection[Any], ids: list[UUID]) -> list[UUID]:
    del conn, ids
    return []


@dataclass(frozen=True, kw_only=True, eq=False)
class Words:
    """All words of a concept.

    kind        the aggregate; its topic is the type of object in the journal.
    label       the name of the kind: «Услуга».
    actions     kinds of actions of its events, with labels. Concepts may share an action with the same label.
    events      every event of the aggregate; one without a text is refused.
    state       an aggregate as labelled values, for its history.
    title       template of an object's title, filled with columns of `names`: «Услуга «{0}»». Default: the label.
    names       SQL with one parameter, a list of ids: id, name, and what else the title needs.
    found_by    how the search of the journal finds such objects.
    numbered    SQL that selects ids by the number that operators type.
    only_id     id of the only object of this kind.
    page        path that shows an object at a version, of `{type}`, `{id}`, `{version}`.
    has_versions  its versions have a page and are called by their moments: «Версия от 23.11.2026 10:00».
    further     where to read changes that are too many for an entry of the journal.
    patient_of  the patient whose personal data an object's history shows, for the access log (SEC-6); None, itself or
                its answer: nobody's.
    entries_of  for objects of any kind: objects of this kind whose entries belong to them too.
    """

    kind: type[Aggregate]
    label: str
    actions: Mapping[str, str]
    events: Mapping[type[Event], Text]
    state: Callable[[Any], Described]
    title: str = ""
    names: str = ""
    found_by: ByWords | ByNumber | None = None
    numbered: str = ""
    only_id: UUID | None = None
    page: str = "/history/{type}/{id}?version={version}"
    has_versions: bool = False
    further: str = "смотрите историю"
    patient_of: Callable[[Any], UUID | None] | None = None
    entries_of: Callable[[Connection[Any], list[UUID]], list[UUID]] = _nothing

    def __post_init__(self) -> None:
        known = set(self.kind.EVENTS.values())
        undeclared = {text.action for text in self.events.values()} ^ self.actions.keys()
        if set(self.events) != known or undeclared or bool(self.title) != bool(self.names):
            missing = sorted(event.TOPIC for event in known ^ set(self.events))
            raise TypeError(f"words of {self.type}: events {missing}, actions {sorted(undeclared)}, a title takes names")

    @property
    def type(self) -> str:
        return self.kind.TOPIC

    @property
    def reads(self) -> frozenset[str]:
        """The read models that `names` queries."""
        return read_models_in(self.names)


def read_models_in(query: str) -> frozenset[str]:
    """The tables that a query reads."""
    return frozenset(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", query))
