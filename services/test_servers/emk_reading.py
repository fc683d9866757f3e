"""What the test registry reads: XML that hides nothing, valid by the schemas in `services/test_servers/emk_schemas/`.

The real service skips a member at the wrong place in silence; here it is a fault, so that no client loses data unnoticed.
"""

from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

MOST_DEPTH, MOST_ELEMENTS = 64, 50_000
_SCHEMAS = Path(__file__).with_name("emk_schemas")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class Unreadable(Exception):
    """The text says what is wrong, in the schema's words."""


class Node:
    """An element that is valid; members by their local names."""

    def __init__(self, element: Any) -> None:
        self.element = element

    @property
    def name(self) -> str:
        return str(etree.QName(self.element).localname)

    @property
    def type(self) -> str:
        """Local name of `i:type`, "" without it."""
        return str(self.element.get(_TYPE, "")).strip().rpartition(":")[2]

    def node(self, name: str) -> "Node | None":
        for child in self.element:
            if etree.QName(child).localname == name:
                return None if child.get(_NIL) in {"true", "1"} else Node(child)
        return None

    def nodes(self, name: str) -> "list[Node]":
        """The items of an array."""
        array = self.node(name)
        return [] if array is None else [Node(item) for item in array.element if item.get(_NIL) not in {"true", "1"}]

    def text(self, *names: str) -> str:
        """The text of a member, of a member's member and so on; "" if one of them is absent."""
        node: Node | None = self
        for name in names:
            node = node and node.node(name)
        return "" if node is None else (node.element.text or "").strip()

    def file(self, name: str) -> bytes:
        return b64decode(self.text(name))

    def xml(self) -> str:
        return str(etree.tostring(self.element, encoding="unicode", with_tail=False))


class RequestReader:
    """Not thread-safe."""

    def __init__(self) -> None:
        self._schema = etree.XMLSchema(etree.parse(str(_SCHEMAS / "envelope.xsd")))

    def read(self, body: bytes) -> Node:
        """The operation's element. Unreadable."""
        _look_through(body)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=True
        )
        try:
            envelope = etree.fromstring(body, parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(str(error)) from error
        if not self._schema.validate(envelope):
            raise Unreadable(self._schema.error_log[0].message)
        if etree.QName(envelope).localname != "Envelope":
            raise Unreadable("Envelope expected")
        content = next(child for child in envelope if etree.QName(child).localname == "Body")
        return Node(content[0])


def _look_through(body: bytes) -> None:
    """Refuse what could make a reader work without end, before a tree is built of it."""
    parser = expat.ParserCreate()
    depth = elements = 0

    def start(*_: object) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MOST_DEPTH or elements > MOST_ELEMENTS:
            raise Unreadable("too deep or too many elements")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise Unreadable("a document type declaration")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(f"not XML: {error}") from error
