"""A file as events know it: what is in the store under its hash. The bytes themselves never go into the log."""

import msgspec


class StoredFile(msgspec.Struct, frozen=True):
    """A file of the store. `sha256` of its content in hexadecimal, `size` in bytes, `media` such as image/jpeg."""

    sha256: str
    size: int
    media: str
