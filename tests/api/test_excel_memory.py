"""A large file is checked, loaded and exported in the memory that a small one takes (XLS-12)."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from xlsxwriter import Workbook

from commands.ports.imports import ImportJob
from services.excel.catalogues import PATIENTS
from tests.api.world import World
from tests.depth import NIGHTLY

pytestmark = [pytest.mark.spec("XLS-12"), pytest.mark.thorough]

ROOT = Path(__file__).parent.parent.parent
FEW, MANY = (1_000, 40_000) if NIGHTLY else (1_000, 4_000)
REMARK = "Просит звонить после шести вечера. " * 30
SPARE_MB = 6 + (MANY - FEW) / 1000
"""What many rows may take beyond few: their names, among which doubles are looked for, take 0.4 to 0.9 a thousand. Kept as rows
of cells, each with its long remark, they would take 3 more: so that a few thousand show it.
"""
PROGRAM = """
import re, sys
from pathlib import Path
from services.bootstrap import Denta
from services.excel.export import archive
from readmodels import excel
from services.excel import check, loading
what, url, path = sys.argv[1:]
excel._AT_ONCE = check._AT_ONCE = loading._AT_ONCE = 200  # read together: the few rows are many times as many
if what == "work":
    assert loading.work(Denta.open(url))
else:
    archive(Denta.open(url).database.connect(), ["patients"], open(path, "w+b"))
print(int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def peak(world: World, what: str, path: str = "") -> float:
    """MB that a process of its own takes for it."""
    command = [sys.executable, "-c", PROGRAM, what, world.denta.database.url, path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return float(done.stdout.splitlines()[-1])


def patients(count: int, city: str) -> BytesIO:
    """A sheet of new patients in which every column is filled, but for those that name entries of a catalogue; nobody twice."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("Пациенты")
    fields = PATIENTS.fields
    sheet.write_row(0, 0, [column.heading for column in fields.values()])
    for number in range(1, count + 1):
        own = {
            "family_name": f"{city}ов{number}", "phone": f"+7916{number:07}", "email": f"a{number}@klinika.ru", "sex": "женский",
            "birth_date": f"17.05.{1950 + count % 47}", "categories": "", "source_id": "",
            "comment": REMARK,
        }  # fmt: skip
        sheet.write_row(number, 0, [own.get(field, f"{city} {number}") for field in fields])
    book.close()
    target.seek(0)
    return target


def begin(world: World, file: BytesIO) -> UUID:
    job = ImportJob(
        id=uuid4(),
        catalogue="patients",
        state="checking",
        created_at=datetime.now(UTC),
        user_id=None,
        employee_id=None,
        address="",
    )
    world.denta.import_jobs.begin(job, file)
    return job.id


def test_memory_does_not_grow_with_the_rows(world: World, tmp_path: Path) -> None:
    jobs, taken = world.denta.import_jobs, dict[tuple[str, int], float]()
    for count, city in ((FEW, "Клин"), (MANY, "Омск")):
        job = begin(world, patients(count, city))
        taken["check", count] = peak(world, "work")
        assert jobs.counts(job)["create"] == count
        jobs.move(job, ["checked"], "importing")
        taken["load", count] = peak(world, "work")
        assert jobs.counts(job)["done:created"] == count
        taken["export", count] = peak(world, "export", str(tmp_path / "denta.zip"))
    grown = {what: taken[what, MANY] - taken[what, FEW] for what in ("check", "load", "export")}
    print(f"memory beyond that of few rows, MB: {grown}")  # noqa: T201
    assert max(grown.values()) < SPARE_MB
