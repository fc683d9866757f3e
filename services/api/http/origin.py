"""Whether a request comes from a page of our own. Browsers say so themselves; what doesn't say so isn't believed.

A foreign page can make a browser send our cookie; it can't make it lie about `Origin`. SameSite guards as well; this
check also holds for pages on sibling hosts, which SameSite lets through.
"""

from urllib.parse import urlsplit

from starlette.types import Scope

from services.api.http.problems import ForeignOrigin
from services.api.http.request_middleware import header


def check_origin(scope: Scope) -> None:
    """ForeignOrigin unless `Origin` names the host that was asked, and the browser calls it the same origin."""
    origin, host = header(scope, b"origin"), header(scope, b"host")
    site = header(scope, b"sec-fetch-site")
    if not origin or not host or site not in {None, "same-origin"}:
        raise ForeignOrigin
    try:
        parts = urlsplit(origin)
    except ValueError:
        raise ForeignOrigin from None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
        raise ForeignOrigin
