"""ГОСТ Р 34.10-2012: the examples of the standard, the curves, and signatures that must not verify."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateways.signatures import gost3410
from gateways.signatures.curve import Curve, Point
from gateways.signatures.gost3410 import public_key, signed, verifies
from gateways.signatures.parameters import CURVES
from tests.depth import examples


def number(*digits: str) -> int:
    return int("".join(digits), 16)


EXAMPLE_256 = Curve(
    256,
    p=2**255 + 1073,
    a=7,
    b=number("5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7e"),
    q=number("8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3"),
    x=2,
    y=number("08e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8"),
)
EXAMPLE_512 = Curve(
    512,
    p=number(
        "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d",
        "f1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373",
    ),
    a=7,
    b=number(
        "1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac43",
        "61834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adc",
    ),
    q=number(
        "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d",
        "a82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6df",
    ),
    x=number(
        "24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762",
        "fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9a",
    ),
    y=number(
        "2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c",
        "83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371e",
    ),
)
STANDARD = [
    pytest.param(
        EXAMPLE_256,
        number("7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28"),
        number("2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5"),
        number("77105c9b20bcd3122823c8cf6fcc7b956de33814e95b7fe64fed924594dceab3"),
        number("41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493"),
        number("01456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40"),
        id="256",
    ),
    pytest.param(
        EXAMPLE_512,
        number(
            "0ba6048aadae241ba40936d47756d7c93091a0e8514669700ee7508e508b1020",
            "72e8123b2200a0563322dad2827e2714a2636b7bfd18aadfc62967821fa18dd4",
        ),
        number(
            "3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c591",
            "7184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
        ),
        number(
            "0359e7f4b1410feacc570456c6801496946312120b39d019d455986e364f3658",
            "86748ed7a44b3e794434006011842286212273a6d14cf70ea3af71bb1ae679f1",
        ),
        number(
            "2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd3",
            "5492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36",
        ),
        number(
            "1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5",
            "823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4a",
        ),
        id="512",
    ),
]
DISTINCT = {id(curve): pytest.param(curve, id=oid) for oid, curve in CURVES.items()}.values()
A = CURVES["1.2.643.2.2.35.1"]


@pytest.mark.parametrize(("curve", "secret", "exponent", "nonce", "r", "s"), STANDARD)
def test_the_examples_of_the_standard(
    curve: Curve, secret: int, exponent: int, nonce: int, r: int, s: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = exponent.to_bytes(curve.size, "little")
    expected = s.to_bytes(curve.size) + r.to_bytes(curve.size)
    assert verifies(curve, public_key(curve, secret), digest, expected)
    monkeypatch.setattr(gost3410, "_nonces", lambda *_: iter([nonce]))
    assert signed(curve, secret, digest) == expected


def is_prime(candidate: int) -> bool:
    """Miller and Rabin with the first primes: certain enough for numbers that nobody chose to deceive."""
    odd, twos = candidate - 1, 0
    while not odd % 2:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        power = pow(base, odd, candidate)
        if power in {1, candidate - 1}:
            continue
        if all((power := power * power % candidate) != candidate - 1 for _ in range(twos - 1)):
            return False
    return True


@pytest.mark.parametrize("curve", DISTINCT)
def test_a_curve_s_numbers_belong_together(curve: Curve) -> None:
    """A wrong digit anywhere would break one of these."""
    base = (curve.x, curve.y)
    assert is_prime(curve.p)
    assert is_prime(curve.q)
    assert curve.contains(base)
    assert Curve(curve.bits, curve.p, curve.a, curve.b, curve.q, *base, cofactor=4).has_order(base)
    assert (curve.q * curve.cofactor - curve.p - 1) ** 2 <= 4 * curve.p, "as many points as such a curve can have"


def plain_multiple(curve: Curve, times: int, point: Point) -> Point | None:
    """By the definition, without any of the tricks."""
    found: Point | None = None
    for bit in f"{times:b}":
        found = plain_sum(curve, found, found)
        if bit == "1":
            found = plain_sum(curve, found, point)
    return found


def plain_sum(curve: Curve, one: Point | None, other: Point | None) -> Point | None:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % curve.p == 0:
        return None
    if one == other:
        slope = (3 * one[0] ** 2 + curve.a) * pow(2 * one[1], -1, curve.p)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, curve.p)
    x = (slope**2 - one[0] - other[0]) % curve.p
    return x, (slope * (one[0] - x) - one[1]) % curve.p


@settings(max_examples=examples(12), deadline=None)
@given(
    st.sampled_from([*CURVES.values(), EXAMPLE_256]),
    st.integers(0, 2**520),
    st.integers(0, 2**520) | st.integers(0, 40),
    st.integers(1, 60),
)
def test_a_combination_is_what_its_definition_says(curve: Curve, u: int, v: int, times: int) -> None:
    base = (curve.x, curve.y)
    key = plain_multiple(curve, times, base)
    assert key is not None
    expected = plain_multiple(curve, (u + v * times) % curve.q, base)
    assert curve.combination(u, v, key) == expected
    assert curve.multiple(u + v * times) == expected


@pytest.mark.parametrize("curve", DISTINCT)
@settings(max_examples=examples(4), deadline=None)
@given(st.data())
def test_what_is_signed_verifies_and_nothing_else(curve: Curve, data: st.DataObject) -> None:
    secret = data.draw(st.integers(1, curve.q - 1))
    digest = data.draw(st.binary(min_size=curve.size, max_size=curve.size))
    key = public_key(curve, secret)
    signature = signed(curve, secret, digest)
    assert signature == signed(curve, secret, digest)
    assert verifies(curve, key, digest, signature)
    bit = data.draw(st.integers(0, 8 * len(signature) - 1))
    changed = int.from_bytes(signature) ^ 1 << bit
    assert not verifies(curve, key, digest, changed.to_bytes(len(signature)))
    other = bytes([digest[0] ^ 2]) + digest[1:]  # 0 counts as 1
    assert not verifies(curve, key, other, signature)
    assert not verifies(curve, public_key(curve, secret % (curve.q - 1) + 1), digest, signature)


DIGEST = bytes(range(32))
SECRET = 2**200 + 1
GOOD = signed(A, SECRET, DIGEST)


@pytest.mark.parametrize(
    ("s", "r"),
    [
        (0, 0), (0, 1), (1, 0), (1, 1), (A.q, 1), (1, A.q), (A.q + 1, A.q + 1), (A.q - 1, A.q - 1), (2**256 - 1, 2**256 - 1),
        (0, int.from_bytes(GOOD[32:])), (int.from_bytes(GOOD[:32]), 0),
        (A.q - int.from_bytes(GOOD[:32]), int.from_bytes(GOOD[32:])),
    ],
)  # fmt: skip
def test_halves_at_or_outside_of_their_bounds_never_verify(s: int, r: int) -> None:
    assert not verifies(A, public_key(A, SECRET), DIGEST, s.to_bytes(32) + r.to_bytes(32))


def test_a_half_that_is_raised_by_the_order_never_verifies() -> None:
    """There would be two signatures of one document; where the order is small, both fit."""
    curve = CURVES["1.2.643.7.1.2.1.1.1"]
    good = signed(curve, SECRET, DIGEST)
    raised = (int.from_bytes(good[:32]) + curve.q).to_bytes(32) + good[32:]
    assert verifies(curve, public_key(curve, SECRET), DIGEST, good)
    assert not verifies(curve, public_key(curve, SECRET), DIGEST, raised)


@pytest.mark.parametrize(
    "made", [b"", GOOD[:-1], GOOD[:32] + b"\x00" + GOOD[32:], GOOD + b"\x00", b"\x00" + GOOD, GOOD[32:] + GOOD[:32], GOOD * 1000]
)
def test_signatures_of_another_length_or_order_never_verify(made: bytes) -> None:
    assert not verifies(A, public_key(A, SECRET), DIGEST, made)


def test_a_digest_that_is_a_multiple_of_the_order_counts_as_one() -> None:
    """As the standard says."""
    for digest in (bytes(32), A.q.to_bytes(32, "little")):
        assert verifies(A, public_key(A, SECRET), digest, signed(A, SECRET, digest))
    assert verifies(A, public_key(A, SECRET), (1).to_bytes(32, "little"), signed(A, SECRET, bytes(32)))


@pytest.mark.parametrize("point", [(0, 0), (1, 1), (A.p, A.y), (A.x + A.p, A.y), (A.x, A.y + A.p), (A.x, -A.y), (A.y, A.x)])
def test_points_off_the_curve_or_outside_of_its_field(point: Point) -> None:
    assert not A.contains(point)


@pytest.mark.parametrize("oid", ["1.2.643.7.1.2.1.1.1", "1.2.643.7.1.2.1.2.3"])
def test_points_of_small_groups(oid: str) -> None:
    """Such a key would verify what its owner never signed."""
    curve = CURVES[oid]
    found = small_point(curve)
    assert curve.contains(found)
    assert not curve.has_order(found)
    mixed = plain_sum(curve, found, (curve.x, curve.y))
    assert mixed is not None
    assert not curve.has_order(mixed)
    assert curve.has_order((curve.x, curve.y))


def small_point(curve: Curve) -> Point:
    """Of order 2 or 4: q times some point. Both moduli are 3 modulo 4, so that a root is a power."""
    for x in range(2, 200):
        square = (x**3 + curve.a * x + curve.b) % curve.p
        root = pow(square, (curve.p + 1) // 4, curve.p)
        if root * root % curve.p == square and (small := plain_multiple(curve, curve.q, (x, root))) is not None:
            return small
    raise AssertionError


@pytest.mark.parametrize("secret", [0, A.q, A.q + 1, -1])
def test_a_secret_lies_between_one_and_the_order(secret: int) -> None:
    with pytest.raises(ValueError, match=str(secret)):
        public_key(A, secret)
