"""What an upload is, by its content: files that are attached, and hostile ones that look like them."""

from tempfile import TemporaryFile

import pytest

from commands.ports.attachments import NotAttachable
from gateways.attachments import Attachments
from tests.gateways.test_photographs import picture

pytestmark = pytest.mark.spec("SEC-3")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DICOM = bytes(128) + b"DICM\x02\x00\x00\x00UL"
TIFF = b"II*\x00\x08\x00\x00\x00\x00\x00"


def media_of(content: bytes) -> str:
    with TemporaryFile() as upload:
        upload.write(content)
        return Attachments().media_of(upload)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("TIFF"), "image/tiff"),
        (b"MM\x00*" + bytes(20), "image/tiff"),
        (PDF, "application/pdf"),
        (DICOM, "application/dicom"),
        (TIFF.ljust(128, b"\x00") + b"DICM", "application/dicom"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media: str) -> None:
    assert media_of(content) == media


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind"),
        (b"\xef\xbb\xbf<svg/>", "kind"),
        (b"GIF89a" + bytes(200), "kind"),
        (b"MZ" + bytes(126) + b"DICM", "kind"),
        (b"\x7fELF".ljust(128, b"\x00") + b"DICM", "kind"),
        (b"<script>alert(1)</script>".ljust(128) + b"DICM", "kind"),
        (b"PK\x03\x04" + bytes(200), "kind"),
        (b"<html>" + PDF, "kind"),
        (b"\n" + PDF, "kind"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "broken"),
        (PDF + bytes(4000), "broken"),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(200), "kind"),
        (b"\x00" * 127, "kind"),
        (b"\xff", "kind"),
    ],
)
def test_what_only_looks_like_one_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotAttachable) as refused:
        media_of(content)
    assert refused.value == NotAttachable(reason=reason)
    assert refused.value.sentence.endswith(".")
