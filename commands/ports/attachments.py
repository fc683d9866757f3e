"""Files that people attach: what they are, by their content."""

from typing import BinaryIO, ClassVar, Protocol

from aggregates.kernel import DomainError


class NotAttachable(DomainError):
    """Facts: reason (empty, kind, broken, pixels, moving)."""

    code: ClassVar[str] = "not_attachable"

    @property
    def sentence(self) -> str:
        match self.facts["reason"]:
            case "empty":
                return "Файл пустой. Выберите другой."
            case "pixels":
                return "Изображение слишком велико: больше 50 миллионов точек или 16 384 по стороне. Уменьшите его."
            case "moving":
                return "Это анимация. Прикрепить можно неподвижное изображение."
            case "broken":
                return "Файл повреждён. Выберите другой."
            case _:
                return "Такой файл прикрепить нельзя. Подойдут JPEG, PNG, WebP, TIFF, PDF и снимки DICOM."


class Attachments(Protocol):
    """Files from untrusted uploads."""

    def media_of(self, upload: BinaryIO) -> str:
        """The media type by the content, never by name or header: a key of `aggregates.scheduling.visit_file.ENDINGS`.

        `upload`: a file on disk. NotAttachable.
        """
