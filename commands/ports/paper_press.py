"""Papers: PDF files made from HTML."""

from typing import ClassVar, Protocol

from aggregates.kernel import DomainError
from commands.ports.photographs import Ending

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's packages of the native libraries that lay out text."""


class PrintingUnavailable(DomainError):
    """The server lacks the native libraries that lay out text, or the means to run one more process. Facts: reason (library,
    machine).
    """

    code: ClassVar[str] = "printing_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        if self.facts["reason"] == "library":
            return (
                "Печать пока не настроена: на сервере не хватает библиотеки Pango. Администратору нужно выполнить "
                f"«sudo apt install {PACKAGES}». Остальное работает."
            )
        return "Сервер сейчас не справляется с печатью. Повторите через минуту."


class PaperTooLarge(DomainError):
    """Making it exceeded the limits of time or memory, as another attempt would."""

    code: ClassVar[str] = "paper_too_large"

    @property
    def sentence(self) -> str:
        return "Документ слишком велик для печати: строк или текста слишком много. Сузьте период или разделите документ."


class PaperPress(Protocol):
    """Makes PDF files."""

    def pdf(self, html: str, ending: Ending) -> bytes:
        """The pages of an HTML document. Nothing is fetched for it: it contains all that it shows.

        PrintingUnavailable, PaperTooLarge; RuntimeError where its process fails or is ended.
        """

    def close(self) -> None:
        """End what was kept ready."""
