"""Hostile and honest uploads: what comes out is a small JPEG of the picture alone, or a refusal."""

import struct
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from PIL import Image

from commands.ports.photographs import NotAPhotograph
from gateways.photographs import MOST_SIDE, Photographs, _header, _require_fit

pytestmark = pytest.mark.spec("SEC-3")
LONGEST_SIDE = 800
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def picture(form: str = "JPEG", size: tuple[int, int] = (1200, 600), mode: str = "RGB", **options: Any) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    written = BytesIO()
    image.convert(mode).save(written, form, **options)
    return written.getvalue()


def drawn_bytes(content: bytes, *, stands_back: bool = False) -> bytes:
    with TemporaryFile() as upload:
        upload.write(content)
        return Photographs(stands_back=stands_back).drawn(upload, LONGEST_SIDE, lambda _: nullcontext())


def drawn(content: bytes) -> Image.Image:
    result = Image.open(BytesIO(drawn_bytes(content)))
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


@pytest.mark.parametrize("size", [(800, 1600), (300, 200), (2400, 1600)])
def test_the_upload_can_be_read_whole_after_it_was_drawn(size: tuple[int, int]) -> None:
    """The drawing process reads through the same place in the file."""
    content = picture("PNG", size)
    with TemporaryFile() as upload:
        upload.write(content)
        Photographs(stands_back=False).drawn(upload, LONGEST_SIDE, lambda _: nullcontext())
        upload.seek(0)
        assert upload.read() == content


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


def test_gps_and_all_metadata_of_the_file_is_removed() -> None:
    exif = Image.Exif()
    exif[MAKE], exif[GPS] = "Secret camera", {1: "N", 2: (55.0, 45.0, 0.0), 3: "E", 4: (37.0, 37.0, 0.0)}
    source = picture(exif=exif, comment=b"Secret comment", icc_profile=b"Secret profile")
    assert Image.open(BytesIO(source)).getexif().get_ifd(GPS)
    made = drawn_bytes(source + b"<script>Secret tail</script>")
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
        drawn_bytes(bomb)
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
        drawn_bytes(content)
    assert refused.value.facts == {"reason": "kind"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_photo_is_refused(form: str, part: float) -> None:
    whole = picture(form) if form != "PNG" else picture(form, compress_level=0)
    with pytest.raises(NotAPhotograph):
        drawn_bytes(whole[: int(len(whole) * part)])


def test_a_png_whose_data_lie_about_their_length_is_refused() -> None:
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", 100, 100, 8, 2, 0, 0, 0))
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"\0" * 50) + chunk(b"IEND", b""))
    assert refused.value.facts == {"reason": "broken"}
    assert refused.value.sentence.endswith(".")


def raw_png(width: int, height: int, depth: int, colour: int, rows: bytes, *chunks: bytes) -> bytes:
    """A PNG of rows as they are, each with its filter byte."""
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def rgb(image: Image.Image, x: int, y: int = 0) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def near(expected: tuple[int, ...], found: tuple[int, ...], by: int = 4) -> bool:
    return all(abs(one - other) <= by for one, other in zip(expected, found, strict=True))


@pytest.mark.spec("PAT-1")
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_greys_of_any_depth_stay_greys(depth: int) -> None:
    """From black at the left over the middle to white at the right."""
    most, width = 2**depth - 1, 96
    greys = [0] * 32 + [most // 2 + 1] * 32 + [most] * 32
    bits = "".join(f"{grey:0{depth}b}" for grey in greys)
    row = b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    made = drawn(raw_png(width, 8, depth, 0, row * 8))
    middle = round((most // 2 + 1) / most * 255)
    assert [near((grey,) * 3, rgb(made, x, 4)) for grey, x in ((0, 8), (middle, 48), (255, 88))] == [True] * 3


def test_the_many_greys_of_an_xray_become_as_many_as_a_photo_has() -> None:
    row = b"\0" + b"".join(struct.pack("!H", x * 256) for x in range(256))
    made = drawn(raw_png(256, 8, 16, 0, row * 8))
    assert [near((x, x, x), rgb(made, x, 4)) for x in range(8, 248, 16)] == [True] * 15


def matrix_profile(gamma: float, *primaries: tuple[float, float, float]) -> bytes:
    """An ICC profile of a display: its three primaries (XYZ, D50) and one gamma."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack("!i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    curve = b"curv\0\0\0\0" + struct.pack("!IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack("!I", 5) + b"test\0" + bytes(78)
    tags = {b"desc": text + bytes(-len(text) % 4), b"wtpt": xyz(0.9642, 1, 0.8249)}
    tags |= {name: xyz(*primary) for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    at, table, content = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += name + struct.pack("!II", at + len(content), len(value))
        content += value
    size = at + len(content)
    head = struct.pack("!I4sI", size, bytes(4), 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += fixed(0.9642, 1, 0.8249)
    return head.ljust(128, b"\0") + struct.pack("!I", len(tags)) + table + content


DISPLAY_P3 = matrix_profile(2.2, (0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))
ADOBE_RGB = matrix_profile(2.19921875, (0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


@pytest.mark.spec("PAT-1")
@pytest.mark.parametrize(
    ("profile", "stored", "expected"),
    [
        (DISPLAY_P3, (200, 100, 100), (214, 93, 96)),
        (DISPLAY_P3, (128, 128, 128), (128, 128, 128)),
        (ADOBE_RGB, (120, 160, 90), (97, 161, 82)),
        (ADOBE_RGB, (255, 255, 255), (255, 255, 255)),
    ],
)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_colours_of_another_profile_look_the_same_in_srgb(
    form: str, profile: bytes, stored: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    written = BytesIO()
    Image.new("RGB", (40, 30), stored).save(written, form, icc_profile=profile, quality=95)
    made = drawn(written.getvalue())
    assert near(expected, rgb(made, 20, 15), 6), rgb(made, 20, 15)
    assert "icc_profile" not in made.info


def test_half_transparent_colours_of_another_profile_lie_on_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (40, 30), (200, 100, 100, 128)).save(written, "PNG", icc_profile=DISPLAY_P3)
    assert near((234, 174, 175), rgb(drawn(written.getvalue()), 20, 15), 6)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "RGB"])
def test_a_profile_that_does_not_fit_the_picture_is_left_alone(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    for profile in (ADOBE_RGB if mode in {"L", "LA", "CMYK"} else b"nonsense", ADOBE_RGB[:200]):
        made = drawn(picture(form, size=(60, 40), mode=mode, icc_profile=profile))
        assert (made.mode, made.size) == ("RGB", (60, 40))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_was_turned(form: str, orientation: int) -> None:
    """What lies at the upper left of the picture as it is meant to be seen is red."""
    upright = Image.new("RGB", (80, 40), "blue")
    upright.paste("red", (0, 0, 30, 15))
    turns: dict[int, Image.Transpose] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation in turns else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    written = BytesIO()
    stored.save(written, form, exif=exif)
    made = drawn(written.getvalue())
    assert (made.size, near((255, 0, 0), rgb(made, 8, 5), 40), near((0, 0, 255), rgb(made, 70, 30), 40)) == ((80, 40), True, True)


@pytest.mark.parametrize(("width", "height"), [(1, 50_000_000), (50_000_000, 1), (MOST_SIDE + 1, 1), (1, MOST_SIDE + 1)])
def test_a_picture_of_one_long_line_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(raw_png(width, height, 1, 0, b""))
    assert refused.value.facts == {"reason": "pixels"}


def test_the_longest_side_that_is_taken_is_drawn() -> None:
    assert drawn(raw_png(MOST_SIDE, 2, 8, 0, (b"\0" + bytes(MOST_SIDE)) * 2)).size == (LONGEST_SIDE, 1)


@pytest.mark.parametrize("kind", [b"VP8X", b"VP8L", b"VP8 "])
def test_a_huge_webp_is_refused_before_its_canvas_is_made(kind: bytes) -> None:
    most = {b"VP8X": bytes(4) + b"\xff\xff\x3f" * 2, b"VP8L": b"\x2f\xff\xff\xff\x0f" + bytes(5)}
    content = most.get(kind, b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f")
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(b"RIFF" + struct.pack("<I", 22) + b"WEBP" + kind + struct.pack("<I", 10) + content)
    assert refused.value.facts == {"reason": "pixels"}


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused_and_says_so(form: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:])
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(written.getvalue())
    assert (refused.value.facts, "анимация" in refused.value.sentence) == ({"reason": "moving"}, True)


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt", b"eXIf"])
def test_a_bomb_beside_the_picture_goes_off_nowhere(kind: bytes) -> None:
    """A hundred megabytes packed into some hundred kilobytes: refused, or left unpacked."""
    bomb = zlib.compress(bytes(100_000_000), 9)
    between = {b"iTXt": b"XML:com.adobe.xmp\0\1\0\0\0", b"zTXt": b"Raw profile type exif\0\0"}
    content = chunk(kind, between.get(kind, b"icc\0\0") + bomb)
    try:
        made = drawn(raw_png(40, 30, 8, 0, (b"\0" + bytes(40)) * 30, content))
    except NotAPhotograph as refused:
        assert refused.facts == {"reason": "broken"}  # noqa: PT017  either way is right
    else:
        assert made.size == (40, 30)


def test_a_process_that_dies_of_a_picture_harms_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A decoder's crash, or the limits of memory and time of the drawing process."""
    dying = tmp_path / "dying.py"
    dying.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr("gateways.photographs.PROCESS", dying)
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(picture(size=(60, 40)))
    assert refused.value.facts == {"reason": "broken"}


@pytest.mark.parametrize(("stands_back", "politeness"), [(True, 10), (False, 0)])
def test_a_drawing_comes_after_requests_where_the_clinic_wants_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, stands_back: bool, politeness: int
) -> None:
    telling = tmp_path / "telling.py"
    telling.write_text("import sys; print(sys.argv[2])")
    monkeypatch.setattr("gateways.photographs.PROCESS", telling)
    assert drawn_bytes(picture(size=(60, 40)), stands_back=stands_back) == b"%d\n" % politeness


@pytest.mark.parametrize("lie", [(9000, 5000), (5500, 9000)])
def test_a_jpeg_that_states_its_size_twice_stays_within_the_memory(lie: tuple[int, int]) -> None:
    """The header says one size, and behind it another, much larger one that nothing follows."""
    whole = picture(size=(64, 64))
    at = whole.index(b"\xff\xc0")
    second = bytearray(whole[at : at + 19])
    second[5:9] = struct.pack("!HH", *(side * 7 for side in lie))
    with pytest.raises(NotAPhotograph) as refused:
        drawn_bytes(whole[: at + 19] + bytes(second) + whole[at + 19 :])
    assert refused.value.facts == {"reason": "broken"}


def scans(content: bytes, times: int) -> bytes:
    """A progressive JPEG whose last scan is repeated so many times."""
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * times + content[-2:]


def looked_at(content: bytes) -> None:
    """What is done before it is decoded."""
    _require_fit(_header(BytesIO(content)))


def test_a_jpeg_that_gets_sharper_for_ever_is_refused_before_it_is_decoded() -> None:
    looked_at(scans(picture(progressive=True), 50))
    with pytest.raises(NotAPhotograph):
        looked_at(scans(picture(progressive=True), 2000))
    with pytest.raises(NotAPhotograph):
        looked_at(scans(picture(size=(6000, 6000), progressive=True), 50))


def test_a_scan_behind_a_comment_that_looks_like_the_end_counts() -> None:
    content = picture(progressive=True)
    last = content.rindex(b"\xff\xda")
    commented = content[:last] + b"\xff\xfe\x00\x04\xff\xd9" + content[last:]
    with pytest.raises(NotAPhotograph):
        looked_at(scans(commented, 200))


def test_a_photo_that_moves_where_it_can_is_drawn() -> None:
    """Telephones put a film behind the picture, in which any bytes may stand."""
    assert drawn(picture(progressive=True) + b"\xff\xda" * 500).size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_drawing_that_nobody_waits_for_ends_at_once() -> None:
    def left_already(kill: Callable[[], object]) -> AbstractContextManager[None]:
        kill()
        return nullcontext()

    with TemporaryFile() as upload:
        upload.write(picture(size=(60, 40)))
        with pytest.raises(NotAPhotograph):
            Photographs().drawn(upload, LONGEST_SIDE, left_already)
