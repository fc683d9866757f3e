"""Photos of people: taken from an upload that can't be trusted, and shown."""

from typing import Annotated, Any

from pydantic import StringConstraints

from aggregates.files import StoredFile
from services.api.http.call import Call
from services.api.http.downloads import picture
from services.api.http.problems import NoSuchObject
from services.api.schemas import Shape

MOST_BYTES = 15_000_000
"""Of an uploaded photo: what cameras of telephones write."""
PATIENTS_SIDE, STAFF_SIDE = 800, 320
"""Pixels: a patient is to be recognised; colleagues are seen many at a time and small."""
MEDIA = "image/jpeg"
"""What is shown, whatever was uploaded."""


class File(Shape):
    """A file of the store: SHA-256 of its content, size in bytes, type."""

    sha256: str
    size: int
    media: str


class PhotoQuery(Shape):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Which photo is meant, so that a changed one has an address of its own."""


def kept(call: Call, longest_side: int) -> StoredFile:
    """The photo out of the call's upload, at most so many pixels long, in the store. NotAPhotograph, PicturesUnavailable,
    FilesUnavailable.
    """
    photographs = call.denta.photographs
    return call.denta.files.keep(photographs.drawn(call.upload, longest_side, call.work.ending), photographs.media)


def shown(call: Call, photo: StoredFile | None, wanted: PhotoQuery, **whose: Any) -> Any:
    """The photo that somebody has now; another one isn't given out, though the store may hold it."""
    if photo is None or photo.sha256 != wanted.sha256:
        raise NoSuchObject(**whose)
    return picture(call.denta.files.read(photo), MEDIA)
