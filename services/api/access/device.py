"""What a browser calls itself, in words for the list of sessions. Good for recognising one's own; never relied upon."""

_BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The order matters: each also calls itself by names further down."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """«Firefox, Windows»."""
    parts = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(part for part in parts if part) or "Неизвестное устройство"
