"""The header of an uploaded picture: its kind, its size, whether it is animated. Nothing is decoded.

Libraries allocate memory by these numbers, some as soon as they open a file, so they are checked first. Only the formats of
photographs are known.
"""

import re
from collections.abc import Callable
from struct import unpack
from typing import BinaryIO, Literal

import msgspec

Kind = Literal["JPEG", "PNG", "WEBP"]

PNG_MARK = b"\x89PNG\r\n\x1a\n"
_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""JPEG markers that are followed by the picture's size."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers without a length."""
_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
"""A marker with a length, or the end of the picture. Other bytes after 0xFF belong to the pixels."""
_MOST_PIECES = 10_000
"""Most segments to skip in search of the size; real files have fewer."""


class BrokenHeader(Exception):
    """The file starts like a picture but is broken."""


class PictureHeader(msgspec.Struct, frozen=True):
    """`width`, `height`: pixels. `moving`: an animation."""

    kind: Kind
    width: int
    height: int
    moving: bool = False
    scans: int = 1
    """Passes of a decoder over all pixels; a progressive JPEG can have any number."""

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_header(file: BinaryIO) -> PictureHeader | None:
    """The header; None if the file isn't a JPEG, PNG or WebP by its first bytes. BrokenHeader."""
    file.seek(0)
    mark = file.read(12)
    reader: Callable[[BinaryIO], PictureHeader]
    if mark.startswith(b"\xff\xd8\xff"):
        reader = _jpeg
    elif mark.startswith(PNG_MARK):
        reader = _png
    elif mark[:4] == b"RIFF" and mark[8:] == b"WEBP":
        reader = _webp
    else:
        return None
    header = reader(file)
    if not header.pixels:
        raise BrokenHeader
    return header


def _jpeg(file: BinaryIO) -> PictureHeader:
    file.seek(2)
    for _ in range(_MOST_PIECES):
        (marker,) = _exactly(file, 1)
        if marker != 0xFF:
            raise BrokenHeader
        while marker == 0xFF:  # a marker may have any number of fill bytes before it
            (marker,) = _exactly(file, 1)
        if marker in _ALONE:
            continue
        (length,) = unpack(">H", _exactly(file, 2))
        if marker in _SIZES:
            height, width = unpack(">xHH", _exactly(file, 5))
            return PictureHeader("JPEG", width, height, scans=_scans(file.read()))
        file.seek(length - 2, 1)
    raise BrokenHeader


def _scans(rest: bytes) -> int:
    """The number of scans up to the end of the picture (behind which may be another picture or a video). For a broken picture,
    the scans found so far: the decoder will refuse it.
    """
    scans, at = 0, 0
    while (mark := _MARKER.search(rest, at)) is not None and mark[1] != b"\xd9":
        scans += mark[1] == b"\xda"
        at = mark.end()
        at += int.from_bytes(rest[at : at + 2], "big")
    return scans


def _png(file: BinaryIO) -> PictureHeader:
    file.seek(len(PNG_MARK))
    length, kind, width, height = unpack(">I4sII", _exactly(file, 16))
    if kind != b"IHDR":
        raise BrokenHeader
    file.seek(length - 8 + 4, 1)
    for _ in range(_MOST_PIECES):
        length, kind = unpack(">I4s", _exactly(file, 8))
        if kind == b"acTL":
            (frames,) = unpack(">I", _exactly(file, 4))
            return PictureHeader("PNG", width, height, frames > 1)
        if kind == b"IDAT":
            return PictureHeader("PNG", width, height)
        file.seek(length + 4, 1)
    raise BrokenHeader


def _webp(file: BinaryIO) -> PictureHeader:
    file.seek(12)
    kind, content = _exactly(file, 4), _exactly(file, 14)[4:]
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (4, 7))
        return PictureHeader("WEBP", width, height, bool(content[0] & 2))
    if kind == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        width, height = unpack("<HH", content[6:])
        return PictureHeader("WEBP", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L" and content[0] == 0x2F:
        bits = int.from_bytes(content[1:5], "little")
        return PictureHeader("WEBP", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    raise BrokenHeader


def _exactly(file: BinaryIO, count: int) -> bytes:
    read = file.read(count)
    if len(read) < count:
        raise BrokenHeader
    return read
