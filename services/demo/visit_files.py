"""Files of the demonstration's visits: pictures and a scan that the program draws itself, the same few in all visits."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from io import BytesIO
from random import Random
from time import gmtime
from typing import NamedTuple
from uuid import UUID

from PIL import Image, ImageDraw, ImageFilter

from aggregates.files import StoredFile
from commands.ports.files import FileStore
from commands.scheduling import visit_file
from services.demo.timeline import Timeline

PREVIEW_SIDE = 480
_DARK, _BONE, _TOOTH, _FILLING = 14, 70, 165, 240
"""Greys of an X-ray."""


class Sample(NamedTuple):
    """A file before it is stored; `preview`: a JPEG, None without one."""

    name: str
    caption: str
    media: str
    content: bytes
    preview: bytes | None


class VisitFiles:
    """Attaches files to some visits, by chances of their own: the timeline's random choices stay as they are."""

    def __init__(self, timeline: Timeline, files: FileStore | None) -> None:
        """`files`: where their contents go; None: no files are attached."""
        self._timeline = timeline
        self._stored = None if files is None else store_samples(files)

    def plan(self, visit_id: UUID, local: datetime) -> None:
        """`local`: when the visit is under way."""
        chance = Random(f"{visit_id}:files")
        if self._stored is None or chance.random() >= 0.06:
            return
        first = chance.randrange(len(self._stored))
        for number in range(chance.choice((1, 1, 2, 4))):
            chosen = self._stored[(first + number) % len(self._stored)]
            by = chance.choice(self._timeline.receptionists)
            file_id = self._timeline.id("visit file", visit_id, number)
            at = local + timedelta(minutes=number)
            self._timeline.at(at, partial(self._attach, visit_id, file_id, by, *chosen))

    def _attach(
        self, visit_id: UUID, file_id: UUID, by: UUID, sample: Sample, file: StoredFile, preview: StoredFile | None,
        moment: datetime,
    ) -> None:  # fmt: skip
        clinic = self._timeline.clinic
        ctx = self._timeline.by(by, moment, "attach_file")
        visit_file.attach_file(clinic, ctx, visit_id, sample.name, file, preview, file_id=file_id)
        if sample.caption:
            ctx = self._timeline.by(by, moment, "change_file")
            visit_file.change_file(clinic, ctx, file_id, {"caption": sample.caption})


def store_samples(files: FileStore) -> Sequence[tuple[Sample, StoredFile, StoredFile | None]]:
    """The samples, in the store. FilesUnavailable."""
    return [
        (one, files.keep(one.content, one.media), None if one.preview is None else files.keep(one.preview, "image/jpeg"))
        for one in _samples()
    ]


@cache
def _samples() -> tuple[Sample, ...]:
    return tuple(_drawn())


def _drawn() -> Iterator[Sample]:
    panorama = _jaw(1400, 620, teeth=14, rows=2)
    for name, caption, picture in (
        ("Ортопантомограмма.jpg", "Обзорный снимок", panorama),
        ("Снимок 36.jpg", "До лечения", _jaw(600, 800, teeth=3, rows=1)),
        ("Снимок 46.jpg", "Контроль пломбы", _jaw(600, 800, teeth=3, rows=1, filled=True)),
    ):
        yield Sample(name, caption, "image/jpeg", _saved(picture, "JPEG"), _preview(picture))
    yield Sample("Согласие с подписью.pdf", "", "application/pdf", _saved(_page(), "PDF"), None)


def _jaw(width: int, height: int, *, teeth: int, rows: int, filled: bool = False) -> Image.Image:
    """Something that looks like an X-ray of so many teeth in a row."""
    picture = Image.new("L", (width, height), _DARK)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 12, width, height - height // 12), fill=_BONE)
    step, tall = width // teeth, (height - height // 5) // rows
    for row in range(rows):
        for number in range(teeth):
            left, top = number * step + step // 8, height // 10 + row * tall
            crown = top + (tall * 2 // 3 if row == 0 and rows == 2 else 0)
            draw.rounded_rectangle((left, crown, left + step * 3 // 4, crown + tall // 3), step // 5, fill=_TOOTH)
            root = (left + step // 8, top, left + step * 5 // 8, top + tall * 9 // 10)
            draw.ellipse(root, fill=_TOOTH - 25)
            draw.line((left + step * 3 // 8, root[1] + tall // 8, left + step * 3 // 8, root[3] - tall // 8), fill=_BONE, width=4)
    if filled:
        draw.ellipse((width // 2 - 60, height // 8, width // 2 + 20, height // 8 + 70), fill=_FILLING)
    return picture.filter(ImageFilter.GaussianBlur(3))


def _page() -> Image.Image:
    """A scanned page: lines of something written, and a signature."""
    page, chance = Image.new("L", (620, 877), 252), Random("page")
    draw = ImageDraw.Draw(page)
    for line in range(28):
        draw.rectangle((60, 70 + line * 24, 60 + (500 if line % 6 else chance.randrange(120, 400)), 76 + line * 24), fill=150)
    draw.arc((380, 760, 470, 820), 180, 20, fill=40, width=3)
    draw.line((430, 800, 540, 780), fill=40, width=3)
    return page


def _preview(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return _saved(small, "JPEG")


def _saved(picture: Image.Image, form: str) -> bytes:
    written = BytesIO()
    dates = {"creationDate": gmtime(0), "modDate": gmtime(0)} if form == "PDF" else {}  # the same bytes in every run
    picture.save(written, form, quality=80, **dates)
    return written.getvalue()
