"""A sum shared by weights so that nothing is lost: the largest remainders get the kopecks that are left over."""

from collections.abc import Sequence


def shared(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """The share of each weight; they sum up to `total`. All are whole and from 0; of equal remainders the first is first.

    No share is above its weight if `total` isn't above their sum. Without any weight there is nothing to share: ValueError,
    unless `total` is 0.
    """
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError(f"{total} can't be shared by weights of 0")
        return tuple(0 for _ in weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return tuple(shares)
