"""Papers: what is in them is what was asked, nothing is fetched, and nothing that people type holds the machine up."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from html import escape
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import monotonic

import psutil
import pypdf
import pytest

from commands.ports.paper_press import PaperTooLarge, PrintingUnavailable
from gateways import paper_press
from gateways.paper_press import PaperPress


@pytest.fixture
def press() -> Iterator[PaperPress]:
    made = PaperPress(stands_back=False)
    yield made
    made.close()


def nobody_leaves(end: Callable[[], object]) -> AbstractContextManager[None]:
    del end
    return nullcontext()


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def workers(press: PaperPress) -> list[int]:
    return [worker._process.pid for worker in press._ready]


@pytest.mark.spec("VIS-7")
def test_a_paper_has_cyrillic_and_the_ruble_in_a_font_that_it_carries(press: PaperPress) -> None:
    made = press.pdf(
        '<meta charset="utf-8"><p style="font-family: PT Sans">Съешь ещё этих булок: 1 500,00 ₽ № 7</p>', nobody_leaves
    )
    assert "Съешь ещё этих булок: 1 500,00 ₽ № 7" in text_of(made)
    (page,) = pypdf.PdfReader(BytesIO(made)).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert [str(font["/BaseFont"]).partition("+")[2] for font in fonts] == ["PT-Sans"]
    assert "/FontFile2" in fonts[0]["/DescendantFonts"][0]["/FontDescriptor"]


@pytest.mark.spec("SEC-4")
@pytest.mark.parametrize(
    "html",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<style>@import url("{url}"); @font-face {{ font-family: x; src: url("{url}") }} p {{ font: 9pt x }}</style>',
        '<p style="background: url({url}); list-style: url({url}); display: list-item">текст</p>',
        '<object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
        '<link rel="attachment" href="{url}">',
    ],
    ids=["image", "stylesheet", "css", "background", "object", "svg", "attachment"],
)
def test_nothing_is_fetched(press: PaperPress, html: str, tmp_path: Path) -> None:
    """Not even by HTML of our own making: neither from the network nor from the disk."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        secret = tmp_path / "secret.txt"
        secret.write_text("тайна")
        urls = (f"http://127.0.0.1:{server.getsockname()[1]}/x.png", secret.as_uri(), "file:///etc/passwd")
        for url in urls:
            made = press.pdf(f"<meta charset='utf-8'><p>Акт</p>{html.format(url=url)}", nobody_leaves)
            assert "Акт" in text_of(made)
            assert b"\xd1\x82\xd0\xb0\xd0\xb9\xd0\xbd\xd0\xb0" not in made
            assert pypdf.PdfReader(BytesIO(made)).attachments == {}
        with pytest.raises(TimeoutError):
            asked.append(server.accept()[0].recv(100))
    assert asked == []


def test_a_process_stays_ready_for_the_next_paper(press: PaperPress) -> None:
    press.pdf("<p>a</p>", nobody_leaves)
    (first,) = workers(press)
    press.pdf("<p>b</p>", nobody_leaves)
    assert workers(press) == [first]
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)], timeout=10)
    assert text_of(press.pdf("<p>c</p>", nobody_leaves)).strip() == "c"  # one that died in its sleep is replaced
    assert workers(press) != [first]


@pytest.mark.spec("SEC-4")
def test_a_process_stays_ready_however_large_the_one_that_started_it_is(press: PaperPress) -> None:
    large = b"x" * 450_000_000
    press.pdf("<p>a</p>", nobody_leaves)
    del large
    (worker,) = press._ready
    with pytest.raises(subprocess.TimeoutExpired):
        worker._process.wait(0.5)


@pytest.mark.parametrize("length", [10, 100_000], ids=["within the buffer", "beyond it"])
def test_a_process_that_ends_just_before_the_next_paper_is_replaced(
    press: PaperPress, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    press.pdf("<p>Акт</p>", nobody_leaves)
    (worker,) = press._ready
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    monkeypatch.setattr(paper_press._Worker, "is_alive", True)  # as it was when it was looked at
    assert "Счёт" in text_of(press.pdf(f"<p>Счёт</p><!--{'.' * length}-->", nobody_leaves))
    assert worker._process.pid not in workers(press)


def test_words_without_an_end_are_laid_out_within_the_page(press: PaperPress) -> None:
    made = press.pdf(f"<p style='overflow-wrap: anywhere'>{escape('<script>' + 'w' * 20_000)}</p>", nobody_leaves)
    assert text_of(made).replace("\n", "").count("w") == 20_000


def test_what_takes_too_long_is_given_up_and_leaves_no_process(press: PaperPress, monkeypatch: pytest.MonkeyPatch) -> None:
    press.pdf("<p>a</p>", nobody_leaves)
    (pid,) = workers(press)
    monkeypatch.setattr(paper_press, "SECONDS", 0.3)
    with pytest.raises(PaperTooLarge):
        press.pdf("<table>" + "<tr><td>строка" * 20_000 + "</table>", nobody_leaves)
    assert workers(press) == []
    assert not psutil.pid_exists(pid)


def test_what_is_too_much_is_refused_at_once(press: PaperPress) -> None:
    with pytest.raises(PaperTooLarge):
        press.pdf("x" * (paper_press.MOST_HTML + 1), nobody_leaves)
    assert workers(press) == []


def test_memory_is_limited(press: PaperPress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that is refused memory ends, and the paper with it."""
    tight = tmp_path / "paper_process.py"
    tight.write_text(paper_press.PROCESS.read_text().replace("MOST_MEMORY = 1_000_000_000", "MOST_MEMORY = 260_000_000"))
    monkeypatch.setattr(paper_press, "PROCESS", tight)
    with pytest.raises((PaperTooLarge, RuntimeError)):
        press.pdf("<table>" + "<tr><td>строка<td>строка" * 20_000 + "</table>", nobody_leaves)
    assert workers(press) == []


def test_the_process_ends_when_nobody_waits_for_the_paper(press: PaperPress) -> None:
    ends: list[Callable[[], object]] = []

    @contextmanager
    def leaving(end: Callable[[], object]) -> Iterator[None]:
        ends.append(end)
        yield

    press.pdf("<p>a</p>", nobody_leaves)
    (pid,) = workers(press)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            press.pdf("<table>" + "<tr><td>строка" * 20_000 + "</table>", leaving)
        except PaperTooLarge as error:
            failed.append(error)

    asking = Thread(target=ask)
    asking.start()
    began = monotonic()
    while not ends:
        assert monotonic() - began < 20
    ends[0]()
    asking.join(20)
    assert len(failed) == 1
    assert not psutil.pid_exists(pid)


@pytest.mark.spec("VIS-7")
def test_without_the_native_library_it_says_what_to_install(
    press: PaperPress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lacking = tmp_path / "paper_process.py"
    written = paper_press.PROCESS.read_text().replace("from weasyprint import HTML", "raise OSError('cannot load libpango')")
    lacking.write_text(written)
    monkeypatch.setattr(paper_press, "PROCESS", lacking)
    with pytest.raises(PrintingUnavailable) as refused:
        press.pdf("<p>a</p>", nobody_leaves)
    assert "sudo apt install libpango" in refused.value.sentence
    assert workers(press) == []
