"""The words of all concepts: by event or type, and the vocabulary of sentences."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from uuid import UUID

import msgspec

from aggregates.kernel import Aggregate, Event
from readmodels.search_text import normal
from readmodels.words.declaration import Text, Words
from readmodels.words.values import Change

_MOST_CHANGES = 200
"""Most changes shown of one event; a year of shifts is better read in the version's window."""
_FILLED_IN = re.compile(r"\{[^}]*\}")


class Entry(msgspec.Struct, frozen=True):
    """The journal entry of one event. `refs`: ids of other objects concerned."""

    object_type: str
    action: str
    summary: str
    refs: tuple[UUID, ...]


class Glossary:
    """Concepts in the order of the filters; an action shared by several concepts is listed at the last of them."""

    def __init__(self, concepts: Iterable[Words]) -> None:
        self.concepts = tuple(concepts)
        self._by_type = {words.type: words for words in self.concepts}
        self._by_event = {event: (words, text) for words in self.concepts for event, text in words.events.items()}
        self.actions = _actions(self.concepts)
        """Kinds of actions with their labels."""
        self.labels: Mapping[str, str] = {words.type: words.label for words in self.concepts}
        """Types of objects with their labels."""
        if len(self._by_type) < len(self.concepts):
            raise TypeError("two concepts have words for one type of object")

    def of(self, object_type: str) -> Words:
        """The words for a type of object."""
        return self._by_type[object_type]

    def of_kind(self, kind: type[Aggregate]) -> Words:
        return self._by_type[kind.TOPIC]

    def of_topic(self, topic: str) -> Words | None:
        """The concept of a topic; None for an unknown kind."""
        return self._by_type.get(topic.partition(".")[0])

    @property
    def events(self) -> Iterable[type[Event]]:
        return self._by_event.keys()

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The read models with the names of objects: an answer with titles from this glossary depends on all of them."""
        return tuple(sorted({model for words in self.concepts for model in words.reads}))

    def entry(self, event: Event) -> Entry:
        """The journal entry of an event; LookupError if it has no text."""
        words, text = self._text(event)
        refs = dict.fromkeys(ref for ref in text.refs(event) if ref is not None)
        return Entry(words.type, text.action, text.summary_of(event), tuple(refs))

    def changes(self, event: Event) -> tuple[Change, ...]:
        """Old and new values of an event."""
        words, text = self._text(event)
        changes = tuple(text.changes(event))
        if len(changes) <= _MOST_CHANGES:
            return changes
        rest = Change("Остальные изменения", None, f"ещё {len(changes) - _MOST_CHANGES}: {words.further}")
        return (*changes[:_MOST_CHANGES], rest)

    def in_sentences(self, form: str) -> bool:
        """Whether a normalized piece of text may occur in a sentence: in a word, a date or a version. A search for a name then
        skips the sentences.
        """
        return any(character in form for character in ".:«»") or any(form in word for word in self.vocabulary)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words of sentences, including those that depend on the event."""
        fixed = (phrase for _, text in self._by_event.values() for phrase in text.fixed)
        words = (word.strip(":,«»–-") for phrase in fixed for word in normal(_FILLED_IN.sub(" ", phrase)).split())
        return frozenset(word for word in words if word)

    def _text(self, event: Event) -> tuple[Words, Text]:
        found = self._by_event.get(type(event))
        if found is None:
            raise LookupError(f"the journal has no text for {event.TOPIC}")
        return found


def _actions(concepts: Iterable[Words]) -> Mapping[str, str]:
    actions: dict[str, str] = {}
    for words in concepts:
        for action, label in words.actions.items():
            if actions.pop(action, label) != label:
                raise TypeError(f"the action {action} has two labels")
            actions[action] = label
    return actions
