"""A file in an event: a reference by hash into the file store. The content itself is never in the log."""

import msgspec


class StoredFile(msgspec.Struct, frozen=True):
    """`sha256` of the content in hexadecimal, `size` in bytes, `media` such as image/jpeg."""

    sha256: str
    size: int
    media: str
