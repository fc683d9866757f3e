"""What the test registry has taken: cards, cases, files. All is written before it is answered, so that a kill loses nothing.

One line of JSON for each new state of a card or a case; files lie beside, named by the SHA-256 of their content.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from services.test_servers.emk_cards import CardFacts

State = Literal["open", "finished", "cancelled"]


class TakenCard(msgspec.Struct, frozen=True):
    facts: CardFacts
    global_id: str
    xml: str
    """PatientDto as it came."""
    at: str
    updates: int = 0


class TakenFile(msgspec.Struct, frozen=True):
    sha256: str
    size: int
    media: str
    signers: tuple[str, ...] = ()
    """СНИЛС of the doctors who signed it."""
    by_organisation: bool = False


class TakenDocument(msgspec.Struct, frozen=True):
    id: str
    header: str
    created: str
    files: tuple[TakenFile, ...]
    corrects: tuple[str, ...] = ()


class TakenCase(msgspec.Struct, frozen=True):
    """`id`: IdCaseMis; of documents outside a case made of the patient's."""

    id: str
    patient_id: str
    state: State
    at: str
    opened: str = ""
    closed: str = ""
    diagnosis: str = ""
    doctor: str = ""
    steps: tuple[str, ...] = ()
    documents: tuple[TakenDocument, ...] = ()
    warned: bool = False
    updates: int = 0


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    card: TakenCard | None = None
    case: TakenCase | None = None


class Taken:
    """One thread writes at a time; others may read meanwhile. Without a file it lasts as long as the process."""

    def __init__(self, file: Path | None = None) -> None:
        self.cards: dict[str, TakenCard] = {}
        self.cases: dict[str, TakenCase] = {}
        self._file = file
        self._contents: dict[str, bytes] = {}
        if file is None:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        self._folder = file.with_suffix(".files")
        self._folder.mkdir(exist_ok=True)
        for line in self._lines(file):
            self._apply(msgspec.json.decode(line, type=_Line))

    def put_card(self, card: TakenCard) -> None:
        self._put(_Line(card=card))

    def put_case(self, case: TakenCase) -> None:
        self._put(_Line(case=case))

    def put_file(self, content: bytes, media: str) -> TakenFile:
        sha256 = hashlib.sha256(content).hexdigest()
        if self._file is None:
            self._contents[sha256] = content
        else:
            unfinished = self._folder / f"{sha256}.new"
            unfinished.write_bytes(content)
            unfinished.replace(self._folder / sha256)
        return TakenFile(sha256, len(content), media)

    def content(self, sha256: str) -> bytes | None:
        """Of a file of a taken document."""
        known = {file.sha256 for case in list(self.cases.values()) for document in case.documents for file in document.files}
        if sha256 not in known:
            return None
        return self._contents[sha256] if self._file is None else (self._folder / sha256).read_bytes()

    def document_ids(self) -> Iterator[str]:
        for case in self.cases.values():
            yield from (document.id for document in case.documents)

    def _put(self, line: _Line) -> None:
        if self._file is not None:
            with self._file.open("ab") as file:  # once closed, it is with the kernel, which outlives this process
                file.write(msgspec.json.encode(line) + b"\n")
        self._apply(line)

    def _apply(self, line: _Line) -> None:
        if line.card is not None:
            self.cards[line.card.facts.id] = line.card
        if line.case is not None:
            self.cases[line.case.id] = line.case

    @staticmethod
    def _lines(file: Path) -> list[bytes]:
        """The whole lines; half of one, which was never answered, is cut off."""
        if not file.exists():
            return []
        content = file.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(file, len(whole))
        return whole.splitlines()
