"""Whether a request comes from one of our own pages. Browsers state a request's origin; without a statement it is refused.

A foreign page can make a browser send our cookie; it can't make it lie about `Origin`. SameSite protects as well; this
check also covers pages on sibling hosts, which SameSite allows.
"""

from urllib.parse import urlsplit

from starlette.types import Scope

from services.api.http.problems import CrossOriginRequest
from services.api.http.request_middleware import header


def check_origin(scope: Scope) -> None:
    """Raises CrossOriginRequest unless `Origin` names the requested host and the browser calls it the same origin."""
    origin, host = header(scope, b"origin"), header(scope, b"host")
    site = header(scope, b"sec-fetch-site")
    if not origin or not host or site not in {None, "same-origin"}:
        raise CrossOriginRequest
    try:
        parts = urlsplit(origin)
    except ValueError:
        raise CrossOriginRequest from None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
        raise CrossOriginRequest
