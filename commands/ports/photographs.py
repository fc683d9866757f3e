"""Photographs of people from uploaded files."""

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
    """The machine lacks memory or time to draw the picture; the file isn't the cause."""

    code: ClassVar[str] = "pictures_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Сервер сейчас не справляется с обработкой фотографий. Повторите через минуту."


Ending = Callable[[Callable[[], object]], AbstractContextManager[None]]
"""Given a function that ends work: a context in which it is called when nobody waits for the work any more."""


class Photographs(Protocol):
    """Photographs of people from untrusted uploads."""

    media: str
    """Media type of `drawn` pictures."""

    def drawn(self, upload: BinaryIO, longest_side: int, ending: Ending) -> bytes:
        """The bare picture: upright, in sRGB, its longest side limited in pixels, without any metadata.

        `upload`: a file on disk. NotAPhotograph, PicturesUnavailable.
        """
