"""A photo on a card: the file is in the store already, the card says which one."""

from datetime import datetime
from typing import ClassVar

from aggregates.deletion import Deletable
from aggregates.files import StoredFile
from aggregates.kernel import Event, applies


class PhotoReplaced(Event, frozen=True):
    """Another photo, the first one, or none any more."""

    old: StoredFile | None
    new: StoredFile | None


class WithPhoto(Deletable, abstract=True):
    """A card with a photo. Its class declares the event."""

    PhotoChanged: ClassVar[type[PhotoReplaced]]

    photo: StoredFile | None = None

    def change_photo(self, photo: StoredFile | None, *, at: datetime) -> None:
        """Another photo, or none. The card's own refusal where it is deleted."""
        self.require_active()
        if photo != self.photo:
            self.trigger(self.PhotoChanged, old=self.photo, new=photo, at=at)

    @applies(PhotoReplaced)
    def _photo_replaced(self, event: PhotoReplaced) -> None:
        self.photo = event.new
