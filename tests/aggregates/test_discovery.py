"""A concept's file is its own registration."""

import sys
from pathlib import Path
from typing import TypeGuard

import pytest

from aggregates.discovery import declared


def is_number(value: object) -> TypeGuard[int]:
    return type(value) is int


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "planted"
    (folder / "subject").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "planted"]:
        monkeypatch.delitem(sys.modules, name)
    for path in (folder, folder / "subject"):
        (path / "__init__.py").touch()
    return folder


def test_what_a_file_declares_is_found_once_wherever_it_lies(package: Path) -> None:
    (package / "subject" / "late.py").write_text("from planted.early import FIRST\nMANY = (2000, 3000)\n")
    (package / "early.py").write_text("FIRST = 1000\nNAME = 'not a number'\n")
    assert declared("planted", is_number) == (1000, 2000, 3000)


def test_a_file_that_cannot_be_imported_is_an_error_and_not_left_out(package: Path) -> None:
    (package / "broken.py").write_text("raise LookupError('a declaration that is refused')\n")
    with pytest.raises(LookupError, match="refused"):
        declared("planted", is_number)
