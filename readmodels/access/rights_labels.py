"""Rights as people know them: the branch of the tree that each one is."""

from collections.abc import Iterable

from aggregates.access.rights import TREE, RightNode


def _labels(nodes: Iterable[RightNode], above: str = "") -> Iterable[tuple[str, str]]:
    for node in nodes:
        if node.right is not None:
            yield node.right, f"{above}{node.label}"
        yield from _labels(node.children, f"{above}{node.label} – ")


LABELS: dict[str, str] = dict(_labels(TREE))
"""Key of a right → «Продажи – Пациенты»."""


def rights_said(rights: Iterable[str]) -> str | None:
    """Rights for a sentence."""
    return "; ".join(LABELS.get(right, right) for right in rights) or None


def page_label(start_page: str) -> str | None:
    """The page that opens after sign-in; None for a set that opens none."""
    return LABELS.get(start_page, start_page) or None
