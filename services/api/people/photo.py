"""Photos of people: taken from an upload that can't be trusted, and shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection
from pydantic import StringConstraints

from aggregates.files import StoredFile
from commands.context import Receipt
from services.api.http.call import Call
from services.api.http.downloads import picture
from services.api.http.heavy_work import PICTURES
from services.api.http.of_object import of_object
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import Done, Schema

MOST_BYTES = 15_000_000
"""Of an uploaded photo: what cameras of telephones write."""
MEDIA = "image/jpeg"
"""What is shown, whatever was uploaded."""


class PhotoQuery(Schema):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Which photo is meant, so that a changed one has an address of its own."""


@dataclass(frozen=True)
class PhotoOf:
    """Whose photo it is, in the words of descriptions («an employee»), and how it is changed and found."""

    whose: str
    change: Callable[..., Receipt]
    """(clinic, context, id, photo or None, `expected` version) → receipt."""
    find: Callable[[Connection[Any], UUID], StoredFile | None]
    longest_side: int
    """Pixels: a patient is to be recognised; colleagues are seen many at a time and small."""
    reads: str
    """The read model that tells of it."""
    require: Callable[[Call, UUID], None] | None = None
    """Refuse who may not see or change it, before the store takes a file."""


def photo_routes(routes: Routes, path: str, right: NeedsRight, photo_of: PhotoOf, *, shown_to: NeedsRight, shown: str) -> None:
    """Give, take off and show the photo of the object of this path. `shown`: the description of the last one."""
    change, whose = photo_of.change, photo_of.whose

    @routes.put(
        f"{path}/photo", right, answer=Done, versioned=True, upload=MOST_BYTES, heavy=PICTURES,
    )  # fmt: skip
    @of_object(path, f"Give {whose} a photo: JPEG, PNG or WebP; redrawn, without what else the file holds.")
    def set_photo(call: Call, object_id: UUID) -> Any:
        if photo_of.require is not None:
            photo_of.require(call, object_id)
        photo = _stored(call, photo_of.longest_side)
        return call.done(change(call.clinic, call.context("change_photo"), object_id, photo, expected=call.expected))

    @routes.delete(f"{path}/photo", right, answer=Done, versioned=True)
    @of_object(path, f"Take {whose}'s photo off the card.")
    def remove_photo(call: Call, object_id: UUID) -> Any:
        if photo_of.require is not None:
            photo_of.require(call, object_id)
        return call.done(change(call.clinic, call.context("remove_photo"), object_id, None, expected=call.expected))

    @routes.get(f"{path}/photo", shown_to, answer=bytes, media=MEDIA, reads=(photo_of.reads,))
    @of_object(path, shown)
    def photo(call: Call, object_id: UUID, query: Annotated[PhotoQuery, Query()]) -> Any:
        if photo_of.require is not None:
            photo_of.require(call, object_id)
        with call.reading() as conn:
            found = photo_of.find(conn, object_id)
        if found is None or found.sha256 != query.sha256:  # another one isn't given out, though the store may hold it
            raise NoSuchObject(kind="photo", id=object_id)
        return picture(call.denta.files.read(found), MEDIA)


def _stored(call: Call, longest_side: int) -> StoredFile:
    """The photo out of the call's upload, at most so many pixels long, in the store. NotAPhotograph, PicturesUnavailable,
    FilesUnavailable.
    """
    photographs = call.denta.photographs
    return call.denta.files.keep(photographs.drawn(call.upload, longest_side, call.work.ending), photographs.media)
