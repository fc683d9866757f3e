"""Reads federal dictionaries from the official CSV files."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path

from aggregates.federal_dictionaries import MKB_10
from commands.ports.dictionaries import DictionaryEntry, DictionaryVersion
from services.bootstrap import file_fault
from services.process.operator_error import OperatorError

_CODES = ("MKB_CODE", "S_CODE", "CODE", "ID")
_NAMES = ("MKB_NAME", "S_NAME", "NAME", "NAME_FULL", "VALUE")
_ACTUAL = "ACTUAL"
_LONGEST_CODE = 100
"""Characters; an index takes no row of 2 704 bytes."""
_OID = re.compile(r"[0-9]+(\.[0-9]+)*")
_FILE = re.compile(r"(?P<oid>\d+(?:\.\d+)+)_(?P<version>\d+(?:\.\d+)*)")


def named(path: Path) -> tuple[str | None, str | None]:
    """OID and version from the name of the published file: «1.2.643.…_2.27.csv»."""
    match = _FILE.fullmatch(path.stem)
    return (match["oid"], match["version"]) if match else (None, None)


def official(path: Path, oid: str, version: str, title: str, at: datetime) -> tuple[DictionaryVersion, list[DictionaryEntry]]:
    """A published file: UTF-8, semicolons, a heading with a column of codes and one of names. Raises OperatorError."""
    if _OID.fullmatch(oid) is None:
        raise OperatorError(f"«{oid}» – не OID справочника: он состоит из чисел через точку, как {MKB_10}.")
    try:
        content = path.read_bytes()
        rows = csv.DictReader(StringIO(content.decode("utf-8-sig").replace("\0", "")), delimiter=";")
        entries = list(_entries(list(rows), rows.fieldnames or ()))
    except UnicodeDecodeError as error:
        raise OperatorError(f"Файл {path.name} не в кодировке UTF-8.") from error
    except OSError as error:
        raise OperatorError(f"Не удалось прочитать {path}: {file_fault(error)}.") from error
    except csv.Error as error:
        raise OperatorError(f"Файл {path.name} – не CSV с точками с запятой. Скачайте справочник заново.") from error
    if not entries:
        raise OperatorError(f"В файле {path.name} нет ни одной записи. Скачайте справочник заново.")
    return _version(oid, version, title, content, at), entries


def _version(oid: str, version: str, title: str, content: bytes, at: datetime) -> DictionaryVersion:
    return DictionaryVersion(oid=oid, version=version, title=title, file_hash=sha256(content).hexdigest(), loaded_at=at)


def _entries(rows: Sequence[Mapping[str, str]], heading: Sequence[str]) -> Iterator[DictionaryEntry]:
    code = next((name for name in _CODES if name in heading), None)
    called = next((name for name in _NAMES if name in heading), None)
    if code is None or called is None:
        raise OperatorError("В файле нет столбцов с кодом и названием: ожидается официальный CSV справочника, например МКБ-10.")
    seen: set[str] = set()
    for row in rows:
        key, name = (row[code] or "").strip(), (row[called] or "").strip()
        if key and name and key not in seen:
            if len(key) > _LONGEST_CODE:
                raise OperatorError(f"Код в столбце {code} длиннее {_LONGEST_CODE} знаков: это не столбец кодов.")
            seen.add(key)
            yield DictionaryEntry(key, name, actual=(row.get(_ACTUAL) or "1").strip() == "1")
