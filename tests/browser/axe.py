"""What axe-core finds on a page by the rules of WCAG 2.2 A and AA."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.browser.installation import ROOT

SCRIPT = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that judge colours: all that another theme can break."""
DRAWN = [*OF_COLOURS, "target-size"]
"""The rules that look at how each element is drawn and what lies over it: nine tenths of the time on a large page."""
RUN = """([only, without, within]) => {
    const parts = [...document.querySelectorAll(within)];
    const outermost = parts.filter(part => !parts.some(other => other !== part && other.contains(part)));
    const rules = Object.fromEntries(without.map(rule => [rule, { enabled: false }]));
    const judged = outermost.length > 0 ? { include: outermost } : document;
    return axe.run(judged, { runOnly: only, rules, resultTypes: ['violations'] }).then(found => found.violations);
}"""


def violations(page: Page, *, only: list[str] = TAGS, without: Sequence[str] = (), within: str = ":root") -> list[str]:
    """Each as "rule: element, …"; the way in is the debugger's, so that the page's CSP stays as it is.

    `only`: tags or rules. `without`: rules left out. `within`: all that matches this selector, or else everything.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(RUN, [only, list(without), within])
    return [f"{one['id']}: {', '.join(' '.join(map(str, node['target'])) for node in one['nodes'][:5])}" for one in found]


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
