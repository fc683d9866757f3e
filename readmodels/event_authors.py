"""Who an event is of, out of the metadata that it was stored with."""

from uuid import UUID

import msgspec


class Author(msgspec.Struct, frozen=True):
    """Empty of what the program did by itself."""

    user_id: UUID | None = None
    employee_id: UUID | None = None
    address: str | None = None


author_of = msgspec.json.Decoder(Author).decode
"""Metadata as JSON → who."""
