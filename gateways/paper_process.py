"""A process that turns HTML into PDF, one document after another: `paper_process.py POLITENESS`.

It costs a second to start and 0.1 to 0.2 for a page, so it stays ready, and ends after a quiet time, when it has grown, or when
its parent is gone. A process of its own contains what untrusted text may do to time and memory. It imports no other module of
ours, and nothing is fetched for a document: not from the network, not from a file.

stdin   for each document: its length in bytes (8 bytes, big-endian), HTML in UTF-8.
stdout  for each document: what happened (one byte, see below), length, content.
"""

import os
import resource
import select
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

MADE, FAILED, NO_LIBRARY = b"P", b"F", b"L"
"""With the PDF; with the name of the error; without the native libraries."""
MOST_MEMORY = 1_000_000_000
"""Bytes of address space. A thousand rows need 250 MB."""
MOST_SECONDS = 60
"""CPU seconds of a document."""
QUIET_SECONDS = 600
GROWN_KB = 400_000
"""Resident memory above which the process ends after a document, to give it back."""


def main(politeness: int) -> None:
    os.nice(politeness)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(0, "rb", buffering=0) as asked, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints isn't an answer
        try:
            from weasyprint import HTML
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
        except OSError:
            _answer(answers, NO_LIBRARY, b"")
            return

        class Nothing(URLFetcher):  # type: ignore[misc]  # published without types
            """Fetches nothing (SEC-4)."""

            def fetch(self, url: str, headers: object = None) -> NoReturn:
                del headers
                raise ValueError(f"papers contain all that they show, {url[:80]!r} isn't fetched")

        fonts, nothing = FontConfiguration(), Nothing(allowed_protocols=())
        while (html := _next(asked)) is not None:
            limit_processor()
            made = BytesIO()
            try:
                HTML(string=html, url_fetcher=nothing).write_pdf(made, font_config=fonts)
            except MemoryError:
                return  # the next document starts afresh
            except Exception as error:
                _answer(answers, FAILED, type(error).__name__.encode())
            else:
                _answer(answers, MADE, made.getvalue())
            if resident_kb() > GROWN_KB:
                return


def resident_kb() -> int:
    """Resident memory now; `ru_maxrss` would count what the process that started this one had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize() // 1024


def limit_processor() -> None:
    """So much for the next document, over what the earlier ones took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + MOST_SECONDS, hard))


def _next(asked: Any) -> str | None:
    """The next document; None when there is none any more, or none for long."""
    ready, _, _ = select.select([asked], [], [], QUIET_SECONDS)
    head = _exactly(asked, 8) if ready else b""
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    content = _exactly(asked, size)
    return content.decode() if len(content) == size else None


def _exactly(asked: Any, size: int) -> bytes:
    """So many bytes, or fewer at the end."""
    content = bytearray()
    while len(content) < size and (piece := asked.read(size - len(content))):
        content += piece
    return bytes(content)


def _answer(answers: BinaryIO, what: bytes, content: bytes) -> None:
    answers.write(what + len(content).to_bytes(8, "big") + content)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
