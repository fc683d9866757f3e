"""Federal dictionaries, loaded by operators."""

from datetime import datetime
from typing import ClassVar, Literal, Protocol

import msgspec

from aggregates.kernel import DomainError

CodeFound = Literal["actual", "outdated", "unknown", "not_loaded"]
"""State of a code in a federal dictionary; `not_loaded`: no version of the dictionary is loaded."""


class Dictionaries(Protocol):
    def find_code(self, oid: str, code: str) -> CodeFound:
        """The state of a code in the current version of a dictionary."""


class VersionDiffers(DomainError):
    """The version is already loaded, with other content. Facts: `oid`, `version`."""

    code: ClassVar[str] = "dictionary_version_differs"

    @property
    def sentence(self) -> str:
        return (
            f"Версия {self.facts['version']} справочника {self.facts['oid']} уже загружена, но из другого файла. "
            "Проверьте, тот ли это файл, или укажите другой номер версии."
        )


class DictionaryEntry(msgspec.Struct, frozen=True):
    """One entry. Entries that aren't `actual` serve old documents."""

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
