"""How far a share that was counted in so many users may be from the true one, by Wilson's score interval."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Shares: TypeAlias = npt.NDArray[np.float64]

# Of the normal distribution, for 95 %.
_Z = 1.959963984540054


def wilson(counted: npt.ArrayLike, users: int) -> tuple[Shares, Shares]:
    """The ends of the 95 % interval of each share `counted / users`; it has the share in it and stays within 0 and 1.

    Raises ValueError where nobody was asked, or more were counted than asked.
    """
    counts = np.asarray(counted, dtype=np.float64)
    if users < 1 or np.any((counts < 0) | (counts > users)):
        raise ValueError(f"{counts} of {users} users is no share")
    middle = (counts + _Z**2 / 2) / (users + _Z**2)
    half = _Z / (users + _Z**2) * np.sqrt(counts * (users - counts) / users + _Z**2 / 4)
    # Rounding may leave the last digit on the wrong side where nobody, or everybody, was counted.
    return np.clip(middle - half, 0.0, counts / users), np.clip(middle + half, counts / users, 1.0)
