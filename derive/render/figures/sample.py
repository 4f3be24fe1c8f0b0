"""Sample the generated functions: ``python -m derive.render.figures.sample NAME…`` prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from derive.render.figures.registry import Data, all_drawings


def samples(names: Sequence[str]) -> dict[str, Data]:
    """The numbers of the named figures."""
    return {d.name: d.data() for d in all_drawings() if d.name in names}


if __name__ == "__main__":
    print(json.dumps(samples(sys.argv[1:])))
