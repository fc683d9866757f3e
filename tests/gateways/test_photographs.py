"""Hostile and honest uploads: what comes out is a small JPEG of the picture alone, or a refusal."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from commands.ports import NotAPhotograph
from gateways.photographs import LONGEST_SIDE, Photographs

pytestmark = pytest.mark.spec("SEC-3")
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def picture(form: str = "JPEG", size: tuple[int, int] = (1200, 600), mode: str = "RGB", **options: Any) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    written = BytesIO()
    image.convert(mode).save(written, form, **options)
    return written.getvalue()


def drawn(content: bytes) -> Image.Image:
    result = Image.open(BytesIO(Photographs().drawn(content)))
    result.load()
    return result


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that unpacks to as many pixels as it says."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_a_photo_becomes_a_small_jpeg_of_the_same_picture(form: str, mode: str) -> None:
    made = drawn(picture(form, mode=mode))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (LONGEST_SIDE, LONGEST_SIDE // 2))
    if mode != "L":
        (red, _, blue), (other_red, _, other_blue) = made.getpixel((400, 50)), made.getpixel((400, 350))  # type: ignore[misc]  # RGB
        assert (red > 200, blue > 100) == (True, False)
        assert (other_red > 100, other_blue > 200) == (False, True)


def test_a_small_photo_keeps_its_size() -> None:
    assert drawn(picture(size=(90, 60))).size == (90, 60)


def test_gps_and_all_that_the_file_told_beside_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[MAKE], exif[GPS] = "Secret camera", {1: "N", 2: (55.0, 45.0, 0.0), 3: "E", 4: (37.0, 37.0, 0.0)}
    told = picture(exif=exif, comment=b"Secret comment", icc_profile=b"Secret profile")
    assert Image.open(BytesIO(told)).getexif().get_ifd(GPS)
    made = Photographs().drawn(told + b"<script>Secret tail</script>")
    assert b"Secret" not in made
    assert b"Exif" not in made
    image = Image.open(BytesIO(made))
    assert (dict(image.getexif()), set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == ({}, set())


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert drawn(picture(exif=exif)).size == (LONGEST_SIDE // 2, LONGEST_SIDE)


@pytest.mark.parametrize(("width", "height"), [(8000, 7000), (20_000, 20_000), (60_000, 2000)])
def test_a_decompression_bomb_is_refused_before_it_unpacks(width: int, height: int) -> None:
    bomb = png_bomb(width, height)
    assert len(bomb) < 60_000
    with pytest.raises(NotAPhotograph) as refused:
        Photographs().drawn(bomb)
    assert refused.value.facts == {"reason": "pixels"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(100),
        picture("GIF", mode="P"),
        picture("TIFF"),
        picture("BMP"),
    ],
    ids=["nothing", "text", "html", "svg", "pdf", "zip", "gif", "tiff", "bmp"],
)
def test_what_is_no_photo_by_its_content_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPhotograph) as refused:
        Photographs().drawn(content)
    assert refused.value.facts == {"reason": "kind"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_photo_is_refused(form: str, part: float) -> None:
    whole = picture(form) if form != "PNG" else picture(form, compress_level=0)
    with pytest.raises(NotAPhotograph):
        Photographs().drawn(whole[: int(len(whole) * part)])


def test_a_png_whose_data_lie_about_their_length_is_refused() -> None:
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", 100, 100, 8, 2, 0, 0, 0))
    with pytest.raises(NotAPhotograph) as refused:
        Photographs().drawn(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"\0" * 50) + chunk(b"IEND", b""))
    assert refused.value.facts == {"reason": "broken"}
    assert refused.value.sentence.endswith(".")
