"""Every derivation by name: those of ``derive.topics``, and those of a reader's own file."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from traceback import extract_tb

from derive import topics
from derive.errors import DeriveError, UnknownName
from derive.kernel import derivation, rule
from derive.kernel.derivation import Derivation, Recipe, recipes

FIRST = (
    "softmax", "order", "softmax_jacobian", "log_softmax", "log_sum_exp_bounds", "curvature",
    "log_softmax_jacobian", "products",
    "temperature", "temperature_logarithms", "temperature_limits",
    "sigmoid", "logit", "softplus", "sigmoid_bounds", "hyperbolic", "two_classes",
    "cross_entropy", "cross_entropy_gradient", "cross_entropy_routes", "cross_entropy_hessian",
    "cross_entropy_labels", "cross_entropy_bounds", "entropy", "divergence", "information",
    "label_smoothing", "label_smoothing_derivatives", "label_smoothing_second",
    "label_smoothing_labels", "label_smoothing_labels_second",
    "binary_cross_entropy", "binary_two_classes", "quadratic", "quadratic_sigmoid",
    "learning_slowdown", "focal", "hierarchical",
    "linear", "linear_training", "linear_gradients", "linear_batch", "linear_hessian",
    "softmax_regression", "softmax_regression_gradient", "softmax_regression_training",
    "softmax_regression_hessian", "softmax_regression_convexity",
    "softmax_regression_penalty", "softmax_regression_chain",
    "softmax_regression_curvature", "softmax_regression_direction", "softmax_regression_products",
    "multinomial", "multinomial_link", "multinomial_partition", "multinomial_moments",
    "multinomial_trials", "multinomial_symmetric", "multinomial_symmetric_moments",
    "multinomial_statistic", "multinomial_likelihood",
)  # fmt: skip


def _load_topics() -> dict[str, Recipe]:
    """Import every module of ``derive.topics``: the main ones first, the others by name."""
    found = {m.name for m in iter_modules(topics.__path__)}
    order = [name for name in FIRST if name in found]
    for name in [*order, *sorted(found - set(order))]:
        import_module(f"derive.topics.{name}")
    own = f"{topics.__name__}."
    return {n: r for n, r in recipes().items() if r.write.__module__.startswith(own)}


def names() -> list[str]:
    """The names of all derivations of the package, in reading order."""
    return list(_load_topics())


def get(name: str) -> Derivation:
    """The derivation with this name.

    Raises UnknownName, with the closest names, if there is none.
    """
    known = _load_topics()
    if not isinstance(name, str) or name not in known:
        raise UnknownName("derivation", name, known)
    return known[name].made


def all_derivations() -> list[Derivation]:
    """Every derivation of the package, in reading order."""
    return [r.made for r in _load_topics().values()]


def load_file(path: str | Path) -> list[Derivation]:
    """The derivations that a Python file declares. The file is run: it is a program, not data.

    Raises DeriveError if the file cannot be run or declares no derivation.
    """
    file = Path(path).resolve()
    if not file.is_file():
        raise DeriveError(f"there is no file {path}", hint="give the path of a Python file")
    _load_topics()
    # A package of its own for each path: two files of the same name do not mix.
    digest = hashlib.sha256(str(file).encode()).hexdigest()[:12]
    name = f"derive_user_{digest}.{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise DeriveError(f"{path} is not a Python file", hint="its name must end in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _located(file, path):
            spec.loader.exec_module(module)
    finally:
        found = derivation.withdraw(name)
        rule.withdraw(name)
    if not found:
        raise DeriveError(
            f"{path} declares no derivation",
            hint='decorate a function with @derivation("name", title=…, statement=…)',
        )
    with _located(file, path):
        return [r.made for r in found]


@contextmanager
def _located(file: Path, path: str | Path) -> Iterator[None]:
    """Errors of a reader's file, with the line of that file where they arise."""
    try:
        yield
    except Exception as error:
        frames = [f for f in extract_tb(error.__traceback__) if f.filename == str(file)]
        line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else None)
        where = f"{path}, line {line}" if line else f"{path}"
        if isinstance(error, DeriveError):
            error.message = f"{where}: {error.message}"
            raise
        raise DeriveError(f"{where}: {type(error).__name__}: {error}") from error


def select(wanted: Iterable[str]) -> list[Derivation]:
    """Derivations by name or by the path of a file; all of the package if nothing is named."""
    out: list[Derivation] = []
    for name in wanted:
        is_path = name.endswith(".py") or "/" in name
        out += load_file(name) if is_path else [get(name)]
    return out or all_derivations()
