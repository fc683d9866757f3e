"""What an attached file is, by its first and last bytes (SEC-3). Nothing that a browser or a system would execute is among it.

Only marks at their one right place count: readers that look for a mark further on would take a page or a program with a mark in
its middle for a picture. Pictures that are drawn here are also checked by `photographs.py`; TIFF and DICOM are only passed on.
"""

from typing import BinaryIO

from commands.ports.attachments import NotAttachable
from gateways.picture_header import PNG_MARK

_MARKS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (PNG_MARK, "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)
_DICOM_MARK, _DICOM_AT = b"DICM", 128
_PDF_END = b"%%EOF"
_PDF_TAIL = 2048
"""Bytes at the end in which readers look for the mark of a PDF's end."""


class Attachments:
    """`commands.ports.attachments.Attachments`."""

    def media_of(self, upload: BinaryIO) -> str:
        upload.seek(0)
        head = upload.read(_DICOM_AT + len(_DICOM_MARK))
        if not head:
            raise NotAttachable(reason="empty")
        if head[_DICOM_AT:] == _DICOM_MARK and _is_preamble(head[:_DICOM_AT]):
            return "application/dicom"
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return "image/webp"
        media = next((media for mark, media in _MARKS if head.startswith(mark)), None)
        if media is None:
            raise NotAttachable(reason="kind")
        if media == "application/pdf":
            _require_end(upload)
        return media


def _is_preamble(preamble: bytes) -> bool:
    """Whether the bytes before a DICOM's mark are those that devices write: none, or the head of a TIFF. The standard leaves them
    free, so that a program could stand there.
    """
    return not any(preamble) or preamble.startswith((b"II*\x00", b"MM\x00*"))


def _require_end(upload: BinaryIO) -> None:
    """A PDF that was cut off, or isn't one behind its first line, lacks its end."""
    size = upload.seek(0, 2)
    upload.seek(max(0, size - _PDF_TAIL))
    if _PDF_END not in upload.read():
        raise NotAttachable(reason="broken")
