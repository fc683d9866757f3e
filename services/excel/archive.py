"""The zip archive that an xlsx file is, opened with distrust: what is in it is counted before and while it is unpacked.

A file may claim anything. So its kind is recognised by its content, never by its name; sizes are limited as declared and as
found; XML with a document type, in which entities could be multiplied, is refused at that word; and no piece of XML that the
parser has to hold at once may be long. Whatever is wrong is one sentence for the person who chose the file.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, ClassVar
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from aggregates.kernel import DomainError

MOST_BYTES = 50_000_000
"""Of the file as it is uploaded."""
MOST_UNPACKED = 500_000_000
"""Of all its parts; 100 000 patients take some 80 MB."""
MOST_PARTS = 2000
MOST_PIECE = 1_000_000
"""Bytes of a tag with its attributes, or of anything else that has no end for the parser so far."""
_CHUNK = 1 << 16

_ANOTHER = "Это не файл Excel (.xlsx). Сохраните таблицу в Excel как «Книга Excel (*.xlsx)» и загрузите её."
_PACKED = "Это архив с файлом Excel. Достаньте из него файл .xlsx и загрузите его."
_LOCKED = "Файл защищён паролем. Снимите пароль в Excel и загрузите файл снова."
_OLD = "Файл сохранён в старом формате Excel (.xls) или защищён паролем. Сохраните его как «Книга Excel (*.xlsx)» без пароля."
_BROKEN = "Файл повреждён и не читается. Откройте его в Excel, сохраните заново и загрузите снова."
_LARGE = "Файл больше 50 МБ. Разделите его на несколько и загрузите по очереди."
_SWOLLEN = "В распакованном виде файл слишком велик. Удалите из него лишнее или разделите на несколько."
_FORBIDDEN = "В файле есть определения, которых в таблицах не бывает. Сохраните таблицу в Excel заново."


class WrongFile(DomainError):
    """A file that can't be loaded. Facts: `reason`, a Russian sentence."""

    code: ClassVar[str] = "wrong_file"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)

    @property
    def sentence(self) -> str:
        return str(self.facts["reason"])


class Archive:
    """The parts of one xlsx file, by name. WrongFile."""

    def __init__(self, file: BinaryIO) -> None:
        _require_zip(file)
        try:
            self._zip = ZipFile(file)
            parts = self._zip.infolist()
        except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            raise WrongFile(_BROKEN) from None
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise WrongFile(_SWOLLEN)
        if any(part.flag_bits & 1 for part in parts):
            raise WrongFile(_LOCKED)
        if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
            raise WrongFile(_BROKEN)
        # some programs write the separators of Windows, or begin with one
        self._parts = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in parts}
        self._left = MOST_UNPACKED

    def has(self, name: str) -> bool:
        return name.lower() in self._parts

    def require(self, name: str) -> None:
        """Refuse an archive without this part: whatever it is, it's no workbook."""
        if not self.has(name):
            raise self.is_another()

    def is_another(self) -> WrongFile:
        """The refusal of an archive that is no workbook."""
        return WrongFile(_PACKED if any(part.endswith(".xlsx") for part in self._parts) else _ANOTHER)

    def parse(self, name: str, begin: Callable[[str, dict[str, str]], Any], end: Callable[[str], Any], text: Any) -> None:
        """Parse one part to its end."""
        for _ in self.parsing(name, begin, end, text):
            pass

    def parsing(
        self, name: str, begin: Callable[[str, dict[str, str]], Any], end: Callable[[str], Any], text: Callable[[str], Any]
    ) -> Iterator[None]:
        """Parse one part piece by piece, so that what the handlers have gathered can be taken in between.

        `begin`, `end`, `text` hear of elements by their names without prefixes, and of the text between.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.CharacterDataHandler = text

        def begin_root(name: str, attributes: dict[str, str]) -> None:
            # one that writes <x:row> does so from the root on; the others shouldn't pay for it
            handlers = _unprefixed(begin, end) if ":" in name else (begin, end)
            parser.StartElementHandler, parser.EndElementHandler = handlers
            handlers[0](name, attributes)

        parser.StartElementHandler = begin_root
        fed = 0
        try:
            with self._zip.open(self._parts[name.lower()]) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise WrongFile(_SWOLLEN)
                    parser.Parse(chunk, False)
                    fed += len(chunk)
                    if fed - parser.CurrentByteIndex > MOST_PIECE:
                        raise WrongFile(_BROKEN)
                    yield
            parser.Parse(b"", True)
        except (BadZipFile, KeyError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, expat.ExpatError):
            raise WrongFile(_BROKEN) from None
        yield


def _require_zip(file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    opening = file.read(8)
    file.seek(0)
    if size > MOST_BYTES:
        raise WrongFile(_LARGE)
    if opening.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # The container of older Excel versions, in which newer ones put a workbook with a password: stream «EncryptedPackage».
        raise WrongFile(_LOCKED if "EncryptedPackage".encode("utf-16-le") in file.read() else _OLD)
    if not opening.startswith(b"PK"):
        raise WrongFile(_ANOTHER)


def _refuse_document_type(*_: object) -> None:
    raise WrongFile(_FORBIDDEN)


def _unprefixed(
    begin: Callable[[str, dict[str, str]], Any], end: Callable[[str], Any]
) -> tuple[Callable[[str, dict[str, str]], Any], Callable[[str], Any]]:
    """Handlers that hear `row` for `<x:row>`."""
    known: dict[str, str] = {}

    def local(name: str) -> str:
        if name not in known:
            if len(known) > MOST_PARTS:
                raise WrongFile(_BROKEN)
            known[name] = name.rpartition(":")[2]
        return known[name]

    return (lambda name, attributes: begin(local(name), attributes), lambda name: end(local(name)))
