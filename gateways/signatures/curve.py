"""Points of an elliptic curve y² = x³ + ax + b over a prime field, and the one operation that takes time: u·P + v·Q.

P is the curve's own point, whose table of multiples is made once; the doublings are shared by both (interleaved non-adjacent
forms). Python's numbers don't work in constant time: what is computed from a secret here may be guessed by someone who measures.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

Point = tuple[int, int]
_Jacobian = tuple[int, int, int]
"""x, y, z for the point (x/z², y/z³), which is at infinity when z = 0."""
_INFINITY: _Jacobian = (1, 1, 0)
_BASE_WIDTH = 8
_KEY_WIDTH = 5
"""Bits of a window: a table of 2^(width − 2) points is made for it."""


class Curve:
    """Parameters of ГОСТ Р 34.10-2012: modulus `p`, coefficients `a` and `b`, prime order `q` of the point (x, y)."""

    def __init__(self, bits: int, p: int, a: int, b: int, q: int, x: int, y: int, *, cofactor: int = 1) -> None:
        self.bits, self.p, self.a, self.b, self.q, self.x, self.y = bits, p, a, b, q, x, y
        self.cofactor = cofactor
        """How many times `q` the curve has points: 1 or 4."""

    @property
    def size(self) -> int:
        """Bytes of a coordinate, and of half a signature."""
        return self.bits // 8

    def contains(self, point: Point) -> bool:
        """The point lies on the curve; coordinates outside of the field don't."""
        x, y = point
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - (x * x + self.a) * x - self.b) % self.p == 0

    def has_order(self, point: Point) -> bool:
        """The point of the curve belongs to the group that signatures use, not to a small one."""
        if self.cofactor == 1:
            return True
        fourfold = _doubled(self, _doubled(self, (*point, 1)))
        if not fourfold[2]:  # of order 1, 2 or 4; any other point of these curves has one that tables can be made for
            return False
        return self._combined([], _digits(self.q, _KEY_WIDTH), _multiples(self, point, _KEY_WIDTH)) is None

    def multiple(self, u: int) -> Point | None:
        """u·P; None is the point at infinity."""
        return self._combined(_digits(u % self.q, _BASE_WIDTH), [], [])

    def combination(self, u: int, v: int, point: Point) -> Point | None:
        """u·P + v·Q for a point Q of the curve with `has_order`; None is the point at infinity."""
        digits = _digits(v % self.q, _KEY_WIDTH)
        return self._combined(_digits(u % self.q, _BASE_WIDTH), digits, _multiples(self, point, _KEY_WIDTH))

    @cached_property
    def _base(self) -> Sequence[Point]:
        return _multiples(self, (self.x, self.y), _BASE_WIDTH)

    def _combined(self, base_digits: list[int], key_digits: list[int], key_table: Sequence[Point]) -> Point | None:
        p, a = self.p, self.a
        base_table = self._base
        length = max(len(base_digits), len(key_digits))
        base_digits = base_digits + [0] * (length - len(base_digits))
        key_digits = key_digits + [0] * (length - len(key_digits))
        minus_three = a == p - 3
        x, y, z = _INFINITY
        for at in range(length - 1, -1, -1):
            if z:  # `_doubled`, here without a call: nearly all of the time goes into it
                yy = y * y % p
                beta = 4 * x * yy % p
                zz = z * z % p
                alpha = 3 * (x - zz) * (x + zz) % p if minus_three else (3 * x * x + a * zz * zz) % p
                z = 2 * y * z % p
                x = (alpha * alpha - 2 * beta) % p
                y = (alpha * (beta - x) - 8 * yy * yy) % p
            for digit, table in ((base_digits[at], base_table), (key_digits[at], key_table)):
                if digit:
                    other_x, other_y = table[abs(digit) >> 1]
                    x, y, z = _sum(self, (x, y, z), (other_x, other_y if digit > 0 else p - other_y))
        return _affine(self, [(x, y, z)])[0] if z else None


def _digits(number: int, width: int) -> list[int]:
    """The non-adjacent form of a number ≥ 0, lowest digit first: of `width` neighbours one at most isn't 0, and it is odd."""
    digits = []
    whole = 1 << width
    while number:
        digit = 0
        if number & 1:
            digit = number % whole
            if digit >= whole >> 1:
                digit -= whole
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


def _sum(curve: Curve, one: _Jacobian, other: Point) -> _Jacobian:
    p = curve.p
    x, y, z = one
    other_x, other_y = other
    if not z:
        return other_x, other_y, 1
    zz = z * z % p
    across = (other_x * zz - x) % p
    up = (other_y * zz * z - y) % p
    if not across:
        return _INFINITY if up else _doubled(curve, one)
    square = across * across % p
    cube = square * across % p
    middle = x * square % p
    new_x = (up * up - cube - 2 * middle) % p
    return new_x, (up * (middle - new_x) - y * cube) % p, z * across % p


def _doubled(curve: Curve, one: _Jacobian) -> _Jacobian:
    p = curve.p
    x, y, z = one
    yy = y * y % p
    beta = 4 * x * yy % p
    alpha = (3 * x * x + curve.a * pow(z, 4, p)) % p
    new_x = (alpha * alpha - 2 * beta) % p
    return new_x, (alpha * (beta - new_x) - 8 * yy * yy) % p, 2 * y * z % p


def _multiples(curve: Curve, point: Point, width: int) -> list[Point]:
    """1, 3, 5 … 2^(width − 1) − 1 times a point of an order that isn't tiny."""
    (twice,) = _affine(curve, [_doubled(curve, (*point, 1))])
    found: list[_Jacobian] = [(*point, 1)]
    for _ in range((1 << (width - 2)) - 1):
        found.append(_sum(curve, found[-1], twice))
    return _affine(curve, found)


def _affine(curve: Curve, points: Sequence[_Jacobian]) -> list[Point]:
    """Points that aren't at infinity, with one division for all: the product of all z is inverted, and taken apart again."""
    p = curve.p
    products = list(accumulate((z for _, _, z in points), lambda product, z: product * z % p, initial=1))
    inverse = pow(products.pop(), -1, p)
    found = []
    for (x, y, z), before in zip(reversed(points), reversed(products), strict=True):
        one = inverse * before % p
        square = one * one % p
        found.append((x * square % p, y * square * one % p))
        inverse = inverse * z % p
    return found[::-1]
