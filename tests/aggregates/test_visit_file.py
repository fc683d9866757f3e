"""A file of a visit: what it is called, and that it can be changed, deleted and brought back."""

import pytest

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.files import StoredFile
from aggregates.scheduling.visit_file import VISIT_FILE_FIELDS, VisitFile, VisitFileDeleted, file_name
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.scenario import fact, given, named

PICTURE = StoredFile("0" * 64, 20_000, "image/jpeg")
ATTACHED = fact(
    VisitFile.Attached,
    visit_id=named("visit"),
    patient_id=named("patient"),
    name="Снимок 36.jpg",
    file=PICTURE,
    preview=StoredFile("1" * 64, 900, "image/jpeg"),
    attached_by=named("nurse"),
)
DELETED = fact(VisitFile.Deleted)
pytestmark = pytest.mark.spec("VIS-1")


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize(
    ("written", "media", "name"),
    [
        ("Снимок 36.jpg", "image/jpeg", "Снимок 36.jpg"),
        ("СНИМОК.JPEG", "image/jpeg", "СНИМОК.JPEG"),
        ("снимок.png", "image/jpeg", "снимок.png.jpg"),
        ("scan.html", "application/pdf", "scan.html.pdf"),
        ("run.exe", "application/dicom", "run.exe.dcm"),
        ("C:\\Users\\Анна\\снимок.jpg", "image/jpeg", "снимок.jpg"),
        ("../../../etc/passwd", "image/tiff", "passwd.tif"),
        ("gpj.\u202eexe", "image/jpeg", "gpj.exe.jpg"),
        ("  два   пробела\n.jpg ", "image/jpeg", "два пробела.jpg"),
        (".htaccess", "image/png", "htaccess.png"),
        ("", "application/pdf", "Файл.pdf"),
        ("\u200b..", "application/pdf", "Файл.pdf"),
    ],
)
def test_a_name_is_the_persons_without_what_could_deceive(written: str, media: str, name: str) -> None:
    assert file_name(written, media) == name


@pytest.mark.parametrize("written", ["ж" * 500, "ж" * 500 + ".jpeg", "a" * 149 + ".jpg"])
def test_a_long_name_is_cut_before_its_ending(written: str) -> None:
    name = file_name(written, "image/jpeg")
    assert len(name) == VISIT_FILE_FIELDS["name"].longest
    assert name.endswith((".jpg", ".jpeg"))


def test_a_file_is_renamed_and_captioned() -> None:
    file = given(VisitFile, ATTACHED)
    changes = (FieldChange("name", "Снимок 36.jpg", "До лечения.jpg"), FieldChange("caption", "", "Прицельный"))
    file.when(VisitFile.change, {"name": "До лечения", "caption": " Прицельный "}).then(fact(VisitFile.Changed, changes=changes))
    given(VisitFile, ATTACHED).when(VisitFile.change, {"name": "Снимок 36.jpg"}).then()
    given(VisitFile, ATTACHED).when(VisitFile.change, {"name": " "}).then_refused(WrongValue("name", "Это поле нужно заполнить."))
    given(VisitFile, ATTACHED, DELETED).when(VisitFile.change, {"caption": "?"}).then_refused(
        VisitFileDeleted(file_id=named("visit_file"))
    )


@pytest.mark.spec("DEL-1", "DEL-2")
def test_a_file_is_deleted_and_returned_once() -> None:
    given(VisitFile, ATTACHED).when(VisitFile.delete).then(DELETED)
    given(VisitFile, ATTACHED).when(VisitFile.return_).then_refused_by(NotDeleted)
    given(VisitFile, ATTACHED, DELETED).when(VisitFile.delete).then_refused_by(AlreadyDeleted)
    given(VisitFile, ATTACHED, DELETED).when(VisitFile.return_).then(fact(VisitFile.Returned))
