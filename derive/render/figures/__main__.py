"""Measure, and draw: ``python -m derive.render.figures`` prints one JSON object."""

import json

from derive.render.figures.curve import learning_curve
from derive.render.figures.study import measured

if __name__ == "__main__":
    found = measured()
    picture = learning_curve(found["curves"], "svg").decode()
    print(json.dumps({"record": found, "svg": picture}))
