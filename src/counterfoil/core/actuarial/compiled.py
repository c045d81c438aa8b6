"""Decides how a kernel over arrays is compiled: once, kept on disk, without the interpreter's lock.

Only core/actuarial meets numpy and numba (ADR 0020). What a kernel gives is either whole numbers that are exact, or
floats that never reach a ledger. A kernel runs on one thread and lets others run; the caller may split a book.
"""

from collections.abc import Callable
from typing import cast

import numba
import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Marks = NDArray[np.bool_]


def compiled[F: Callable[..., object]](function: F) -> F:
    """The function as machine code, made at the first call and kept beside the source for the next process."""
    return cast(F, numba.njit(function, cache=True, nogil=True, error_model="numpy"))
