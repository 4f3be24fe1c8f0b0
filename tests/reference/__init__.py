"""What generated functions ought to return, worked out apart from them by mpmath."""

from tests.reference import entrywise, models, rows
from tests.reference.core import DIGITS, FLOOR, REFERENCES, Want, exact, reference

__all__ = [
    "DIGITS", "FLOOR", "REFERENCES", "Want", "entrywise", "exact", "models", "reference", "rows",
]  # fmt: skip
