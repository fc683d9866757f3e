"""The service's XML, read with distrust: no DTD, no entities, bounded depth, elements and text, whatever is sent."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_BYTES = 2_000_000
MOST_DEPTH = 100
MOST_ELEMENTS = 20_000


class UnreadableAnswer(Exception):
    """It isn't XML that we read."""


@dataclass
class Element:
    """`name`: namespace and local name with a space between them, or the local name alone."""

    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    @property
    def local(self) -> str:
        return self.name.rpartition(" ")[2]

    def child(self, local: str) -> "Element | None":
        """The first one of that local name."""
        return next((child for child in self.children if child.local == local), None)

    def value(self, local: str) -> str:
        """The text of a child, "" without it."""
        child = self.child(local)
        return "" if child is None else child.text.strip()


class AnswerReader:
    """Fed with an answer's bytes as they come, so that a hostile one is given up early. UnreadableAnswer, from any method."""

    def __init__(self, secret: str) -> None:
        """`secret`: what the service may repeat of the request, and is blotted out of all texts."""
        self._secret = re.compile(re.escape(secret), re.IGNORECASE) if secret else None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _no_doctype
        self._parser.EntityDeclHandler = _no_doctype
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        self._bytes = self._elements = 0

    def feed(self, part: bytes) -> None:
        self._bytes += len(part)
        if self._bytes > MOST_BYTES:
            raise UnreadableAnswer("too long")
        self._parse(part, final=False)

    def root(self) -> Element:
        """After the last part."""
        self._parse(b"", final=True)
        if self._root is None:
            raise UnreadableAnswer("empty")
        return self._root

    def _parse(self, part: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(part, final)
        except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: of an encoding that isn't one
            raise UnreadableAnswer("not XML") from error

    def _start(self, name: str, _: object) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise UnreadableAnswer("too deep or too many elements")
        element = Element(name)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def _end(self, _: str) -> None:
        text = "".join(self._texts.pop())
        self._open.pop().text = self._secret.sub("…", text) if self._secret else text

    def _characters(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)


def _no_doctype(*_: object) -> None:
    raise UnreadableAnswer("a document type")
