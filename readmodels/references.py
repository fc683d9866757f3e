"""A reference with a name."""

from uuid import UUID

import msgspec


class Ref(msgspec.Struct, frozen=True, gc=False):
    """A person or thing of another read model."""

    id: UUID
    name: str
