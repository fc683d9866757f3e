"""People at their browsers: who sits where, and an eye on what no page may ever do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Error, Page, Request, Route

REFUSAL = re.compile(
    r"Failed to load resource: the server responded with a status of (401|403|409|412|429) "
    r"|WebSocket connection to '[^']*' failed: Error during WebSocket handshake: Unexpected response code: 403$"
)
"""What chromium itself writes when the server refuses something, such as a line that is opened in the moment in which access is
withdrawn: the page reports it to the person, and has no fault.
"""
NO_LINE = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|CONNECTION_REFUSED)")

STORAGE = "local_storage,indexeddb,cache_storage,service_workers"
"""What pages of one site share, apart from cookies."""

Theme = Literal["light", "dark"]


@dataclass
class Watch:
    """Everything that a page did and may not: errors in the console (violations of the CSP among them), other hosts."""

    host: str
    line_cut: bool = False
    """The test takes the network away: requests that fail for it are no faults."""
    expected: list[str] = field(default_factory=list)
    """Texts that this test makes a page write on purpose."""
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"error in a script: {error.error}"))
        context.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        text = message.text
        if any(known in text for known in self.expected):
            return
        if message.type not in {"error", "warning"} or REFUSAL.match(text) or (self.line_cut and NO_LINE.search(text)):
            return
        self.faults.append(f"console, {message.type}: {text} {message.location['url']}")

    def _see(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")


@dataclass
class Desk:
    """A person's browser that stays open between tests, so that what the pages consist of is parsed once.

    A test finds it as new: with the person's session and without pages, storage or permissions of the one before.
    """

    context: BrowserContext
    watch: Watch
    address: str
    session: list[object]
    _open: Page = field(init=False)
    """Holds the process of this site's pages open; there is nothing of the application in it."""
    _inside: CDPSession = field(init=False)

    def __post_init__(self) -> None:
        self._open = self.context.new_page()
        self._open.goto("/favicon.svg")
        self._inside = self.context.new_cdp_session(self._open)

    def clear(self) -> None:
        for page in self.context.pages:
            if page is not self._open:
                page.close()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        self.context.add_cookies(self.session)  # type: ignore[arg-type]  # as `cookies` gave them
        self._inside.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": STORAGE})


@dataclass
class Room:
    """The room where everybody sits: one clinic's address, one browser program, a window for each person."""

    browser: Browser
    address: str
    password: str
    emails: dict[str, str]
    watches: list[Watch] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Texts that pages opened from now on in this test may write to the console."""
    _sessions: dict[str, list[object]] = field(default_factory=dict)
    _windows: list[BrowserContext] = field(default_factory=list)
    _desks: dict[str, Desk] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    """Whose desks this test sits at."""

    def window(self, *, width: int = 1440, height: int = 900, theme: Theme = "light") -> BrowserContext:
        """A browser that nobody is signed in at; its clock stands in another time zone than the clinic's."""
        context = self.browser.new_context(
            base_url=self.address,
            locale="ru-RU",
            timezone_id="America/New_York",
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        watch = Watch(urlsplit(self.address).netloc, expected=self.expected)
        watch.over(context)
        self.watches.append(watch)
        self._windows.append(context)
        return context

    def seat(self, who: str, to: str = "", *, width: int = 1440, height: int = 900, theme: Theme = "light") -> Page:
        """A page of this person, signed in already, at an address or empty; the second of a test is in a browser of its own.

        What can't be taken back (scripts and clocks installed in a browser) is for `signed_in`.
        """
        if who in self._taken or (width, height, theme) != (1440, 900, "light"):
            page = self.signed_in(who, width=width, height=height, theme=theme).new_page()
        else:
            page = self._desk(who).context.new_page()
        if to:
            page.goto(to)
        return page

    def _desk(self, who: str) -> Desk:
        self._taken.add(who)
        if who not in self._desks:
            context = self.signed_in(who)
            self._windows.remove(context)
            self._desks[who] = Desk(context, self.watches.pop(), self.address, self._sessions[who])
        desk = self._desks[who]
        desk.watch.expected = self.expected
        return desk

    def signed_in(self, who: str, *, width: int = 1440, height: int = 900, theme: Theme = "light") -> BrowserContext:
        """A browser that this person has signed in at and opened nothing with."""
        context = self.window(width=width, height=height, theme=theme)
        if who in self._sessions:
            context.add_cookies(self._sessions[who])  # type: ignore[arg-type]  # as `cookies` gave them
        else:
            answer = context.request.post(
                "/api/session",
                data={"email": self.emails[who], "password": self.password},
                headers={"Origin": self.address},
            )
            assert answer.ok, answer.text()
            self._sessions[who] = list(context.cookies())
        return context

    def line_cut(self, page: Page) -> None:
        """This page's test takes the network away from it."""
        desk = next((desk for desk in self._desks.values() if desk.context == page.context), None)
        watch = desk.watch if desk else self.watches[self._windows.index(page.context)]
        watch.line_cut = True

    def empty(self) -> list[str]:
        """Close all windows; the faults seen in them."""
        for window in self._windows:
            window.close()
        desks = [self._desks[who] for who in sorted(self._taken)]
        for desk in desks:
            desk.clear()
        faults = [fault for watch in (*self.watches, *(desk.watch for desk in desks)) for fault in watch.faults]
        for desk in desks:
            desk.watch.faults, desk.watch.line_cut = [], False
        self._windows.clear()
        self.watches.clear()
        self._taken.clear()
        self.expected = []
        return faults

    def close(self) -> None:
        """Nobody comes here again."""
        for desk in self._desks.values():
            desk.context.close()
        self._desks.clear()


@contextmanager
def delayed(page: Page, pattern: str | re.Pattern[str]) -> Iterator[None]:
    """Answers of these addresses don't come before the end.

    What is asked for only while the end comes isn't held, so nobody has to wait for a request that a page sends after a pause.
    """
    routes: list[Route] = []
    page.route(pattern, lambda route: routes.append(route))  # playwright can't wrap a builtin
    yield
    page.unroute(pattern)
    for route in routes:
        with suppress(Error):  # the page has given that request up
            route.continue_()
