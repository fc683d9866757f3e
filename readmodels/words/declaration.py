"""What a concept declares so that people can read about it: name and title, sentences and changes of events, state, search.

One `Words` per kind of aggregate, in `readmodels/words/<concept>.py`; the journal, the history, the titles and the journal's
search are made from these and know no concept by name. A sentence is what follows the object's title: «Визит № 12» + «удалён»,
«Доступ к системе (…)» + «: задан новый пароль». Titles and names are joined when the journal is read, since an event doesn't
repeat what its stream said before. All functions are pure: of the event, or of the aggregate.
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
    fill     makes the sentence: called with the event and these phrases.
    labels   fixed texts that may be filled in, such as names of statuses.

    The search of the journal looks for words of phrases and labels in sentences, and for no others.
    """

    phrases: tuple[str, ...]
    fill: Callable[..., str]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """What the journal says of one class of events.

    action   the kind of action that it is: a key of `Words.actions`.
    summary  the sentence.
    changes  old and new values. Made when an entry is read: no read model keeps what the log holds already.
    refs     other objects that it concerns.
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
        """All text that doesn't come from the event."""
        return (self.summary,) if isinstance(self.summary, str) else (*self.summary.phrases, *self.summary.labels)


@dataclass(frozen=True)
class ByWords:
    """Objects whose text holds every word of a query.

    select  statement that gives ids, without a condition.
    text    SQL of the text, in the form of `search_text.normal`.
    """

    select: str
    text: str


@dataclass(frozen=True)
class ByNumber:
    """Objects called by a number: `select` gives the ids of those whose number is one of `%(numbers)s`."""

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
    label       what such an object is called, where its own name isn't known: «Услуга».
    actions     kinds of actions that its events are, with their labels. Several concepts may share one, with one label.
    events      every event of the aggregate; one without a text is refused.
    state       an aggregate as labelled values, for its history.
    title       of an object, filled with what `names` gives: «Услуга «{0}»». Without one the label.
    names       SQL with one parameter, a list of ids: id, name, and what else the title needs.
    found_by    how the search of the journal finds such objects.
    numbered    SQL giving ids by what operators call an object by, one text.
    only_id     of the only object of this kind.
    page        path that shows an object at a version, of `{type}`, `{id}`, `{version}`.
    has_versions  its versions have a page and are called by their moments: «Версия от 23.11.2026 10:00».
    further     where changes are read that are too many for a row of the journal.
    patient_of  whose personal data an object's history shows; None: nobody's. Such a look is noted (SEC-6).
    entries_of  of some objects of any kind, those of this kind whose entries in the journal are theirs too.
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
    patient_of: Callable[[Any], UUID] | None = None
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
