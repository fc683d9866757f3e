"""Digests of ГОСТ Р 34.11-2012 by the quickest way that the machine has: OpenSSL with a provider of ГОСТ, libgcrypt, which Debian
contains (some 100 MB/s each), or our own code (`streebog.py`, 1 MB/s at best).
"""

import ctypes
import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock
from typing import Protocol, cast
from weakref import finalize

from commands.ports.signatures import Bits
from gateways.signatures.streebog import Streebog

_OPENSSL: dict[Bits, str] = {256: "md_gost12_256", 512: "md_gost12_512"}
_GCRYPT: dict[Bits, int] = {256: 309, 512: 310}
_WITHOUT_SECURE_MEMORY, _INITIALISE, _INITIALISED = 37, 38, 40
"""Commands of libgcrypt."""
_PROBE = b"\xee" * 64 + b"\x16" + b"\x11" * 63 + b"\xff" * 70
"""Its sum of blocks carries over many bytes, where some libraries once failed."""


class Hash(Protocol):
    def update(self, piece: bytes, /) -> None: ...

    def digest(self) -> bytes:
        """Ends the hash: nothing comes after it."""


class _GcryptHash:
    """A hash of libgcrypt, which releases Python's lock while it works."""

    def __init__(self, library: ctypes.CDLL, bits: Bits) -> None:
        """OSError: the library can't do it."""
        self._library, self._bits = library, bits
        self._handle = ctypes.c_void_p()
        if library.gcry_md_open(ctypes.byref(self._handle), _GCRYPT[bits], 0):
            raise OSError("libgcrypt knows no Streebog")
        finalize(self, library.gcry_md_close, self._handle)

    def update(self, piece: bytes) -> None:
        self._library.gcry_md_write(self._handle, piece, len(piece))

    def digest(self) -> bytes:
        return ctypes.string_at(self._library.gcry_md_read(self._handle, _GCRYPT[self._bits]), self._bits // 8)


def new_hash(bits: Bits) -> Hash:
    return _way()(bits)


def digest_of(bits: Bits, data: bytes) -> bytes:
    found = new_hash(bits)
    found.update(data)
    return found.digest()


class HashedContent:
    """`commands.ports.signatures.SignedContent` of pieces that can be read once for each kind of digest."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]]) -> None:
        self._pieces = pieces
        self._digests: dict[Bits, bytes] = {}
        self._lock = Lock()

    def digest(self, bits: Bits) -> bytes:
        with self._lock:  # two signatures may be verified at the same time
            if bits not in self._digests:
                made = new_hash(bits)
                for piece in self._pieces():
                    made.update(piece)
                self._digests[bits] = made.digest()
            return self._digests[bits]


@cache
def _way() -> Callable[[Bits], Hash]:
    """The first way that hashes as our own code does."""
    for way in (_openssl, _gcrypt()):
        if way is not None and _agrees(way):
            return way
    return Streebog


def _openssl(bits: Bits) -> Hash:
    return cast("Hash", hashlib.new(_OPENSSL[bits]))


def _gcrypt() -> Callable[[Bits], Hash] | None:
    try:
        library = ctypes.CDLL("libgcrypt.so.20")
        library.gcry_check_version.restype = ctypes.c_char_p
        library.gcry_md_open.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_uint]
        library.gcry_md_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
        library.gcry_md_read.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.gcry_md_read.restype = ctypes.c_void_p
        library.gcry_md_close.argtypes = [ctypes.c_void_p]
        library.gcry_md_close.restype = library.gcry_md_write.restype = None
        if not library.gcry_check_version(None):
            return None
        if not library.gcry_control(_INITIALISED):
            library.gcry_control(_WITHOUT_SECURE_MEMORY, 0)
            library.gcry_control(_INITIALISE, 0)
    except (OSError, AttributeError):
        return None
    return lambda bits: _GcryptHash(library, bits)


def _agrees(way: Callable[[Bits], Hash]) -> bool:
    widths: tuple[Bits, Bits] = (256, 512)
    for bits in widths:
        ours = Streebog(bits)
        ours.update(_PROBE)
        try:
            theirs = way(bits)
            theirs.update(_PROBE)
        except (ValueError, OSError):
            return False
        if theirs.digest() != ours.digest():
            return False
    return True
