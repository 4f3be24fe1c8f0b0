"""From proved results to NumPy: numerical form, array program, text."""

from derive.codegen.generate import (
    Difference,
    compare,
    function_sources,
    generate,
    write,
)
from derive.codegen.stabilise import stabilised

__all__ = ["Difference", "compare", "function_sources", "generate", "stabilised", "write"]
