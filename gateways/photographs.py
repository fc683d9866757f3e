"""Photographs of people from whatever a stranger uploads (SEC-3): known by their content, drawn anew from the pixels.

Nothing of the uploaded file is kept but the picture itself: no GPS, no names, no scripts, no second file behind the first.
"""

import warnings
from io import BytesIO
from threading import Semaphore

from PIL import Image, ImageOps, UnidentifiedImageError

from commands.ports import NotAPhotograph

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
"""What a telephone's camera takes; decoded they fill 150 MB."""
LONGEST_SIDE = 800
QUALITY = 85
AT_ONCE = 2
"""Pictures decoded at a time; the others wait, so that many uploads at once don't fill the memory."""
MEDIA = "image/jpeg"

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class Photographs:
    """`commands.ports.Photographs` by Pillow."""

    media = MEDIA

    def __init__(self) -> None:
        self._turns = Semaphore(AT_ONCE)

    def drawn(self, content: bytes, longest_side: int = LONGEST_SIDE) -> bytes:
        try:
            with self._turns, Image.open(BytesIO(content), formats=FORMATS) as image:
                _refuse_too_large(image)
                if image.format == "JPEG":  # half or a quarter of the pixels can be left out already while decoding
                    image.draft("RGB", (longest_side * 2, longest_side * 2))
                image.load()
                return _encoded(image, longest_side)
        except NotAPhotograph:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise NotAPhotograph(reason="pixels") from None
        except UnidentifiedImageError:
            raise NotAPhotograph(reason="kind") from None
        except Exception:  # the library raises whatever its decoder stumbled over
            raise NotAPhotograph(reason="broken") from None


def _refuse_too_large(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise NotAPhotograph(reason="pixels")


def _encoded(image: Image.Image, longest_side: int) -> bytes:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest_side, longest_side))
    written = BytesIO()
    _opaque(upright).save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    """The pixels alone; transparent places become white."""
    drawn = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        drawn.paste(shown, mask=shown.getchannel("A"))
    else:
        drawn.paste(image.convert("RGB"))
    return drawn
