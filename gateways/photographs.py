"""Photographs of people from whatever a stranger uploads (SEC-3): known by their content, drawn again from the pixels.

Nothing of the uploaded file is kept but the picture itself: no GPS, no names, no scripts, no second file behind the first.
The file's own numbers are looked at here; the decoding is done by a process of its own (`picture_process.py`), which takes
the memory away with it. X-rays will need other limits and another way of drawing, and the same two steps.
"""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from commands.ports.photographs import Ending, NotAPhotograph, PicturesUnavailable
from gateways.picture_header import BrokenHeader, PictureHeader, read_header

MOST_PIXELS = 50_000_000
"""What a telephone's camera takes."""
MOST_SIDE = 16_384
"""Pixels of a side: decoders take memory for each line, however short."""
MOST_SCANS = 100
"""Of a JPEG; cameras and programs write up to some thirty."""
MOST_WORK = 1_000_000_000
"""Pixels times scans: a file of a few kilobytes may have a decoder go over fifty million pixels thousands of times."""
SECONDS = 60
"""That a picture may take on a busy machine; of a core it gets far fewer (`picture_process.MOST_SECONDS`)."""
MEDIA = "image/jpeg"
POLITENESS = 10
"""Of the scheduler: who books goes first on a busy processor."""
PROCESS = Path(__file__).with_name("picture_process.py")


class Photographs:
    """`commands.ports.photographs.Photographs` by Pillow."""

    media = MEDIA

    def __init__(self, *, stands_back: bool = True) -> None:
        """`stands_back`: on a busy processor pictures come after requests."""
        self._politeness = POLITENESS if stands_back else 0

    def drawn(self, upload: BinaryIO, longest_side: int, ending: Ending) -> bytes:
        _require_fit(_header(upload))
        upload.seek(0)
        command = [sys.executable, "-I", str(PROCESS), str(longest_side), str(self._politeness)]
        try:
            process = subprocess.Popen(command, stdin=upload, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            with process, ending(process.kill):
                try:
                    drawn, _ = process.communicate(timeout=SECONDS)
                finally:
                    process.kill()
        except (OSError, subprocess.TimeoutExpired) as error:  # the machine's fault: no memory, no process left, no time
            raise PicturesUnavailable from error
        if process.returncode != 0 or not drawn:
            raise NotAPhotograph(reason="broken")
        return drawn


def _header(upload: BinaryIO) -> PictureHeader:
    try:
        header = read_header(upload)
    except BrokenHeader:
        raise NotAPhotograph(reason="broken") from None
    if header is None:
        raise NotAPhotograph(reason="kind")
    return header


def _require_fit(header: PictureHeader) -> None:
    if header.pixels > MOST_PIXELS or max(header.width, header.height) > MOST_SIDE:
        raise NotAPhotograph(reason="pixels")
    if header.scans > MOST_SCANS or header.scans * header.pixels > MOST_WORK:
        raise NotAPhotograph(reason="broken")
    if header.moving:
        raise NotAPhotograph(reason="moving")
