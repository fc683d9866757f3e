"""The set-up does each step once for the same inputs, again when they change, and says what is missing."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from commands.ports.paper_press import PACKAGES

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def setup(tmp_path: Path) -> ModuleType:
    """The set-up of a checkout elsewhere."""
    (tmp_path / "scripts").mkdir()
    copy = tmp_path / "scripts" / "setup.py"
    copy.write_text((ROOT / "scripts" / "setup.py").read_text())
    spec = importlib.util.spec_from_file_location("setup_under_test", copy)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv").mkdir()
    return module


def test_a_step_is_done_once_for_the_same_inputs_and_again_when_they_change(setup: ModuleType, tmp_path: Path) -> None:
    done: list[str] = []
    for mark in ("a", "a", "b", "b", "a"):
        setup.once("step", mark, "Шаг", lambda mark=mark: done.append(mark), made=tmp_path)
    assert done == ["a", "b", "a"]


def test_a_step_whose_result_is_gone_is_done_again(setup: ModuleType, tmp_path: Path) -> None:
    done: list[str] = []
    for _ in range(2):
        setup.once("step", "a", "Шаг", lambda: done.append("a"), made=tmp_path / "missing")
    assert done == ["a", "a"]


def test_a_step_that_fails_is_not_counted_as_done(setup: ModuleType, tmp_path: Path) -> None:
    def fails() -> None:
        raise setup.Refused

    for _ in range(2):
        with pytest.raises(setup.Refused):
            setup.once("step", "a", "Шаг", fails, made=tmp_path)


def test_sources_of_the_ui_leave_out_what_is_made_from_them(setup: ModuleType, tmp_path: Path) -> None:
    sources = ("package.json", "src/main.tsx")
    made = ("dist/index.html", "node_modules/react/index.js", "src/lib/api/schema.ts", "tsconfig.tsbuildinfo")
    for name in (*sources, *made):
        file = tmp_path / "web" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert sorted(str(p.relative_to(tmp_path / "web")) for p in setup.web_sources()) == sorted(sources)


def test_the_hash_sees_names_and_contents(setup: ModuleType, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("a")
    second.write_text("a")
    marks = {setup.hash_of([first]), setup.hash_of([second]), setup.hash_of([first, second])}
    first.write_text("b")
    assert len(marks | {setup.hash_of([first])}) == 4


def test_without_venv_the_missing_package_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(setup, "may_apt", lambda: False)
    with pytest.raises(setup.Refused, match=r"sudo apt install python3\.11-venv"):
        setup.make_venv()


def test_without_a_browser_the_missing_package_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(setup.Refused, match="sudo apt install chromium"):
        setup.browser()


def test_where_there_is_no_browser_without_windows_one_with_them_is_installed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def apt_install(*packages: str) -> None:
        asked.append(packages[0])
        if packages[0] != "chromium":
            raise setup.Refused

    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(setup, "may_apt", lambda: True)
    monkeypatch.setattr(setup, "apt_install", apt_install)
    setup.browser()
    assert asked == ["chromium-headless-shell", "chromium"]


@pytest.mark.spec("VIS-7")
@pytest.mark.parametrize("is_root", [True, False], ids=["installed", "unpacked"])
def test_libraries_for_printing_are_installed_or_unpacked_and_their_lack_stops_nothing(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_root: bool
) -> None:
    done: list[str] = []

    def apt_install(*packages: str) -> None:
        done.append(f"installed {packages[0]}")
        raise setup.Refused("Нет сети")

    monkeypatch.setattr(setup, "make_venv", lambda: None)
    monkeypatch.setattr(setup, "texts_can_be_laid_out", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "may_apt", lambda: is_root)
    monkeypatch.setattr(setup, "apt_install", apt_install)
    monkeypatch.setattr(setup, "unpack_text_libraries", lambda: done.append("unpacked"))
    setup.printing()
    assert done == ["installed libpango-1.0-0" if is_root else "unpacked"]
    assert "sudo apt install libpango-1.0-0" in capsys.readouterr().err

    monkeypatch.setattr(setup, "texts_can_be_laid_out", lambda: True)
    setup.printing()
    assert len(done) == 1


def test_the_same_packages_are_named_everywhere(setup: ModuleType) -> None:
    assert " ".join(setup.TEXT_PACKAGES) == PACKAGES


def test_another_python_is_refused(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 13, 0, "final", 0))
    with pytest.raises(setup.Refused, match=r"Нужен Python 3\.11"):
        setup.make_venv()


def test_output_of_a_failed_program_is_shown(setup: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(setup.Refused, match="код 3"):
        setup.quietly([sys.executable, "-c", "import sys; print('причина'); sys.exit(3)"])
    assert "причина" in capfd.readouterr().err


def test_an_unknown_step_is_refused_with_the_list_of_steps(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "setup.py", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "runtime  virtual environment" in done.stderr
