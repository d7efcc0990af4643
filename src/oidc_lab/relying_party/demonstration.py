"""What was played to show a point: the runs in their order, and how they ended — RFC9700-4."""

from dataclasses import dataclass

from oidc_lab.domain.shown import Shown
from oidc_lab.relying_party.run import Run


@dataclass(frozen=True, kw_only=True)
class Demonstration(Shown):
    """`title` tells beforehand what happens, `conclusion` what did; `as_told` is whether that was the same."""

    title: str
    runs: tuple[Run, ...]
    as_told: bool
    conclusion: str
