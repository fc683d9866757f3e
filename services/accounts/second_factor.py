"""Codes of authenticator apps (TOTP, RFC 6238: six digits, thirty seconds) and recovery codes."""

import hashlib
import re
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from services.accounts.passwords import LETTERS

STEP = 30
"""Seconds that a code is valid."""
DRIFT = 1
"""Steps before and after the present one whose codes are accepted too, because phones' clocks differ."""
RECOVERY_CODES = 10

_APP_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 bits, as base32 for typing into an app."""
    return pyotp.random_base32()


def qr_code(secret: str, email: str) -> str:
    """The address that apps read (otpauth://…) as a QR code: an image as a data URI, drawn here without any external service.

    Without the clinic's name: Cyrillic letters would make it three times as dense, too fine for some cameras.
    """
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Denta")
    picture: str = segno.make(address, error="l", micro=False).svg_data_uri(scale=5, border=3, light="#fff", dark="#000")
    return picture


def typed_code(written: str) -> str:
    """A typed code without spaces and dashes, in lower case."""
    return re.sub(r"[\s-]", "", written).lower()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is; None for a wrong or an outdated one. Comparison takes constant time."""
    if not _APP_CODE.fullmatch(code):
        return None
    totp, present = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    fitting = [step for step in range(present - DRIFT, present + DRIFT + 1) if secrets.compare_digest(totp.at(step * STEP), code)]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> list[str]:
    """Codes of twelve letters and digits, 59 bits each, in groups."""
    return ["-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)]


def recovery_hash(access_id: UUID, code: str) -> bytes:
    """The stored hash of a recovery code, which is random enough without a slow hash."""
    return hashlib.sha256(access_id.bytes + typed_code(code).encode()).digest()
