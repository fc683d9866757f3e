"""Federal dictionaries, loaded by operators."""

from datetime import datetime
from typing import ClassVar, Literal, Protocol

import msgspec

from aggregates.kernel import DomainError

CodeFound = Literal["actual", "outdated", "unknown", "not_loaded"]
"""Of a code in a federal dictionary; `not_loaded`: there is no version of that dictionary."""


class Dictionaries(Protocol):
    def find_code(self, oid: str, code: str) -> CodeFound:
        """What the current version of a dictionary has for a code."""


class VersionDiffers(DomainError):
    """A version that is loaded already came with other content. Facts: `oid`, `version`."""

    code: ClassVar[str] = "dictionary_version_differs"

    @property
    def sentence(self) -> str:
        return (
            f"Версия {self.facts['version']} справочника {self.facts['oid']} уже загружена, но из другого файла. "
            "Проверьте, тот ли это файл, или укажите другой номер версии."
        )


class DictionaryEntry(msgspec.Struct, frozen=True):
    """One entry; one that isn't `actual` is there for documents of its time."""

    code: str
    name: str
    actual: bool


class DictionaryVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one dictionary."""

    oid: str
    version: str
    title: str
    file_hash: str
    loaded_at: datetime
