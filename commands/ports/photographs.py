"""Photographs of people, out of what was uploaded."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, ClassVar, Protocol

from aggregates.kernel import DomainError


class NotAPhotograph(DomainError):
    """Facts: reason (kind, broken, pixels, moving)."""

    code: ClassVar[str] = "not_a_photograph"

    @property
    def sentence(self) -> str:
        match self.facts["reason"]:
            case "pixels":
                return "Изображение слишком велико: больше 50 миллионов точек или 16 384 по стороне. Уменьшите его."
            case "moving":
                return "Это анимация. Нужна неподвижная фотография: JPEG, PNG или WebP."
            case "broken":
                return "Файл с фотографией повреждён. Выберите другой."
            case _:
                return "Это не фотография. Подойдёт файл JPEG, PNG или WebP."


class PicturesUnavailable(DomainError):
    """The machine has no memory or time left for drawing a picture. Nothing was found wrong with the file."""

    code: ClassVar[str] = "pictures_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Сервер сейчас не справляется с обработкой фотографий. Повторите через минуту."


Ending = Callable[[Callable[[], object]], AbstractContextManager[None]]
"""Inside of it, work is ended by that function when nobody waits for it any more."""


class Photographs(Protocol):
    """Photographs of people out of uploaded files that can't be trusted."""

    media: str
    """Of what `drawn` gives."""

    def drawn(self, upload: BinaryIO, longest_side: int, ending: Ending) -> bytes:
        """The picture alone, upright, in sRGB, at most so many pixels long, without anything else that the file held.

        `upload`: a real file. NotAPhotograph, PicturesUnavailable.
        """
