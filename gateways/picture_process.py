"""A process that draws one uploaded picture again and ends: `picture_process.py LONGEST_SIDE POLITENESS <upload >picture.jpg`.

Decoding untrusted data is dangerous and needs memory; a separate process contains the damage and frees the memory at its end. It
imports no other module of ours. Any exit status but 0 means that there is no picture.
"""

import os
import resource
import sys
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Importing these plugins registers them with `Image.open`, which then loads no others."""
MOST_MEMORY = 1_000_000_000
"""Bytes of address space. Decoding 50 million pixels takes 200 to 400 MB."""
MOST_SECONDS = 20
"""CPU seconds."""
QUALITY = 85
GREY_16 = ("I;16", "I;16B", "I;16L", "I")


def main(longest_side: int, politeness: int) -> None:
    os.nice(politeness)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # the size was checked before
    with os.fdopen(0, "rb") as upload, os.fdopen(1, "wb") as target:
        upload.seek(0)
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as image:
            written = BytesIO()
            drawn(image, longest_side).save(written, "JPEG", quality=QUALITY, optimize=True)
        target.write(written.getvalue())


def drawn(image: Image.Image, longest_side: int) -> Image.Image:
    """The bare picture: upright, small, in sRGB, on a white background.

    It is reduced before any other step, so that only decoding needs much memory.
    """
    profile = image.info.get("icc_profile")
    if isinstance(image, JpegImagePlugin.JpegImageFile):  # decode at a half or a quarter of the size
        image.draft(None, (longest_side * 2, longest_side * 2))
    image.load()
    small = _eight_bits(image)
    small.thumbnail((longest_side, longest_side))
    upright = ImageOps.exif_transpose(small)
    made = Image.new("RGB", upright.size, "white")  # a new image, because saving would copy comments of the old one
    if upright.has_transparency_data:
        with_alpha = upright.convert("LA" if upright.mode in {"L", "LA", "La"} else "RGBA")
        opaque = with_alpha.convert("L" if with_alpha.mode == "LA" else "RGB")
        made.paste(_in_srgb(opaque, profile), mask=with_alpha.getchannel("A"))
    else:
        made.paste(_in_srgb(upright, profile))
    return made


def _eight_bits(image: Image.Image) -> Image.Image:
    """Converted to a mode that scales well: no palette, no bitmap, at most eight bits a channel."""
    if image.mode in GREY_16:
        image.info.pop("transparency", None)  # it names one of 65 536 greys, which the result doesn't have
        return image.point(lambda grey: grey * (1 / 257)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"P", "PA"}:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("RGBA") if "transparency" in image.info else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours converted by the profile; unchanged without a profile that fits."""
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                "RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
