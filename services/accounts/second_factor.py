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
"""Seconds that a code lives."""
DRIFT = 1
"""Steps before and after the present one whose codes are taken too: clocks of telephones differ."""
RECOVERY_CODES = 10

_APP_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 bits, as base32 for typing into an app."""
    return pyotp.random_base32()


def qr_code(secret: str, email: str) -> str:
    """The address that apps read (otpauth://…) as a QR code: a picture by a data URI, drawn here and fetched from nowhere.

    The clinic's name is left out: Cyrillic letters would make it three times as dense, too fine for some cameras.
    """
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Denta")
    picture: str = segno.make(address, error="l", micro=False).svg_data_uri(scale=5, border=3, light="#fff", dark="#000")
    return picture


def typed_code(written: str) -> str:
    """A code as it was meant: apps show spaces in it, people write dashes and capitals."""
    return re.sub(r"[\s-]", "", written).lower()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is; None for a wrong or an outdated one. It never tells by time which digits fit."""
    if not _APP_CODE.fullmatch(code):
        return None
    totp, present = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    fitting = [step for step in range(present - DRIFT, present + DRIFT + 1) if secrets.compare_digest(totp.at(step * STEP), code)]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> list[str]:
    """Twelve letters and digits each, 59 bits, in groups for reading."""
    return ["-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)]


def recovery_hash(access_id: UUID, code: str) -> bytes:
    """What is stored of a recovery code, which is random enough to need no slow hash."""
    return hashlib.sha256(access_id.bytes + typed_code(code).encode()).digest()
