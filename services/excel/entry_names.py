"""What entries of the plain catalogues are called: a sheet names them, a card holds their ids."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogue import name_key
from aggregates.normalization import alphabet_variants, normalize
from aggregates.values import Scalar


class Names:
    """What entries of the plain catalogues are called, both ways."""

    def __init__(self, entries: Iterable[tuple[str, str, UUID, bool]] = ()) -> None:
        """`entries`: (catalogue, name, id, deleted)."""
        self._names: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._alike: dict[tuple[str, str], set[str]] = {}
        """By how they look: letters of either alphabet, hyphens and apostrophes of whatever kind."""
        self._choices: dict[str, list[str]] = {}
        for catalogue, name, entry_id, deleted in entries:
            self._names[str(entry_id)] = name
            if not deleted:
                self._ids[catalogue, name_key(name)] = str(entry_id)
                self._alike.setdefault((catalogue, _looks(name)), set()).add(str(entry_id))
                self._choices.setdefault(catalogue, []).append(name)

    def id_of(self, catalogue: str, name: str) -> str | None:
        """The entry that is called so or, where none is, the only one that looks so."""
        exact = self._ids.get((catalogue, name_key(name)))
        alike = self._alike.get((catalogue, _looks(name)), ()) if exact is None else ()
        return next(iter(alike)) if len(alike) == 1 else exact

    def name_of(self, entry_id: Scalar) -> str:
        return self._names.get(str(entry_id), "")

    def choices(self, catalogue: str) -> list[str]:
        """What can be chosen, by name."""
        return self._choices.get(catalogue, [])


def _looks(name: str) -> str:
    return " ".join(alphabet_variants(word)[0] for word in normalize(name).split())
