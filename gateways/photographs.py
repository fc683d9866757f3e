"""Photographs of people from untrusted uploads (SEC-3): recognised by content, redrawn from their pixels.

Only the picture itself is stored: no GPS position, no names, no scripts, no second file behind the first. The header is checked
here; the picture is decoded in a separate process (`picture_process.py`), whose end frees the memory. X-rays will need other
limits and another way of drawing, but the same two steps.
"""

import subprocess
import sys
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from commands.ports.photographs import Ending, NotAPhotograph, PicturesUnavailable
from gateways.picture_header import BrokenHeader, PictureHeader, read_header

MOST_PIXELS = 50_000_000
"""Enough for phone cameras."""
MOST_SIDE = 16_384
"""Pixels of a side: decoders need memory for each line, however short."""
MOST_SCANS = 100
"""Scans of a JPEG; cameras and programs write up to about thirty."""
MOST_WORK = 1_000_000_000
"""Pixels times scans: a file of a few kilobytes can make a decoder process fifty million pixels thousands of times."""
SECONDS = 60
"""Time-out of a picture on a busy machine; its CPU time is limited more strictly (`picture_process.MOST_SECONDS`)."""
MEDIA = "image/jpeg"
POLITENESS = 10
"""Nice value: requests of users go first on a busy processor."""
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
                    upload.seek(0, SEEK_END)  # forgets what is buffered: the process has moved the place in the same open file
        except (OSError, subprocess.TimeoutExpired) as error:  # caused by the machine: no memory, no process, no time
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
