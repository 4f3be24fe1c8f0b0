"""The same functions where others have them: scipy.special, scipy.stats, scikit-learn, PyTorch.

``others(library)`` maps the name of a generated function to one that takes the same arguments, rows
last, and returns arrays; it is empty where the library is not there. Derivatives are PyTorch's by
autodiff.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

Other = Callable[..., Any]
LIBRARIES = {"scipy": "scipy", "torch": "torch", "sklearn": "sklearn"}


def others(library: str) -> dict[str, Other]:
    """The functions of a library, by the name of the generated function."""
    if find_spec(LIBRARIES[library]) is None:
        return {}
    return {"scipy": _scipy, "torch": _torch, "sklearn": _sklearn}[library]()


def _scipy() -> dict[str, Other]:
    from scipy import special, stats

    def pmf(y: Any, phi: Any) -> Any:
        count, total = y.sum(-1), phi.sum(-1, keepdims=True)
        return stats.multinomial.logpmf(y, count, phi / total) + count * np.log(total[..., 0])

    def natural(y: Any, eta: Any) -> Any:
        zero = np.zeros((*eta.shape[:-1], 1), eta.dtype)
        return pmf(y, special.softmax(np.concatenate([eta, zero], -1), -1))

    return {
        "softmax": lambda z, temperature=1: special.softmax(z / temperature, axis=-1),
        "log_softmax": lambda z, temperature=1: special.log_softmax(z / temperature, axis=-1),
        "logsumexp": lambda z, temperature=1: (
            temperature * special.logsumexp(z / temperature, axis=-1)
        ),
        "sigmoid": lambda x: special.expit(x),
        "log_sigmoid": lambda x: special.log_expit(x),
        "logit": lambda p: special.logit(p),
        "softplus": lambda x: special.softplus(x),
        "entropy": lambda p: special.entr(p).sum(-1),
        "cross_entropy": lambda p, q: -special.xlogy(p, q).sum(-1),
        "kl_divergence": lambda p, q: special.rel_entr(p, q).sum(-1),
        "log_partition": lambda eta: special.logsumexp(
            np.concatenate([eta, np.zeros((*eta.shape[:-1], 1), eta.dtype)], -1), axis=-1
        ),
        "log_pmf": pmf,
        "log_pmf_natural": natural,
        "log_pmf_natural_symmetric": lambda y, eta: pmf(y, special.softmax(eta, -1)),
        "log_partition_symmetric": lambda eta: special.logsumexp(eta, axis=-1),
        "mean_parameters_symmetric": lambda eta: special.softmax(eta, -1),
        "log_partition_gradient_symmetric": lambda eta: special.softmax(eta, -1),
    }


def _sklearn() -> dict[str, Other]:
    from scipy import special
    from sklearn.metrics import log_loss

    def rows(z: Any, c: Any) -> Any:
        size = z.shape[-1]
        flat = zip(special.softmax(z, -1).reshape(-1, size), np.ravel(c), strict=True)
        made = [log_loss([label], [p], labels=np.arange(size)) for p, label in flat]
        return np.array(made).reshape(np.shape(c))

    def regression(W: Any, b: Any, X: Any, y: Any, l2: float = 0) -> Any:
        p = special.softmax(X @ W.T + b, -1)
        each = np.repeat(np.arange(len(X)), W.shape[0])
        labels = np.tile(np.arange(W.shape[0]), len(X))
        weights = y.ravel()
        loss = log_loss(labels, p[each], sample_weight=weights, labels=np.arange(W.shape[0]))
        return loss * weights.sum() / len(X) + l2 / 2 * (W**2).sum()

    return {"softmax_cross_entropy_labels": rows, "softmax_regression_loss": regression}


def _torch() -> dict[str, Other]:
    import torch
    from torch.nn import functional

    plain: dict[str, Other] = {
        "softmax": lambda z, temperature=1: torch.softmax(z / temperature, -1),
        "log_softmax": lambda z, temperature=1: torch.log_softmax(z / temperature, -1),
        "logsumexp": lambda z, temperature=1: temperature * torch.logsumexp(z / temperature, -1),
        "sigmoid": torch.sigmoid,
        "log_sigmoid": functional.logsigmoid,
        "logit": torch.logit,
        "softplus": functional.softplus,
        "entropy": lambda p: torch.special.entr(p).sum(-1),
        "cross_entropy": lambda p, q: -torch.special.xlogy(p, q).sum(-1),
        "kl_divergence": lambda p, q: functional.kl_div(q.log(), p, reduction="none").sum(-1),
        "softmax_cross_entropy": lambda z, y, label_smoothing=0: functional.cross_entropy(
            z, y, reduction="none", label_smoothing=label_smoothing
        ),
        "softmax_cross_entropy_labels": lambda z, c, label_smoothing=0: functional.cross_entropy(
            z, c, reduction="none", label_smoothing=label_smoothing
        ),
        "binary_cross_entropy_with_logits": lambda x, y: (
            functional.binary_cross_entropy_with_logits(x, y, reduction="none")
        ),
        "quadratic_cost": lambda a, y: 0.5 * functional.mse_loss(a, y, reduction="none").sum(-1),
        "log_partition": lambda eta: torch.logsumexp(functional.pad(eta, (0, 1)), -1),
        "mean_parameters": lambda eta: torch.softmax(functional.pad(eta, (0, 1)), -1)[..., :-1],
        "linear_layer": lambda W, b, x: (W @ x[..., None])[..., 0] + b,
        "log_pmf": lambda y, phi: (
            torch.lgamma(y.sum(-1) + 1) - torch.lgamma(y + 1).sum(-1)
            + torch.special.xlogy(y, phi).sum(-1)
        ),
        "softmax_regression_loss": lambda W, b, X, y, l2=0: (
            functional.cross_entropy(X @ W.mT + b, y) + l2 / 2 * (W**2).sum()
        ),
        "focal_loss": lambda x, gamma: -torch.sigmoid(-x) ** gamma * functional.logsigmoid(x),
    }  # fmt: skip

    def slope(value: Other, by: str) -> Other:
        """The gradient of Σ value by an argument: each row depends on itself alone."""

        def made(**given: Any) -> Any:
            leaf = given[by].clone().requires_grad_(True)
            total = value(**{**given, by: leaf}).sum()
            return torch.autograd.grad(total, leaf)[0]

        return made

    def product(value: Other, by: str, along: str) -> Other:
        """uᵀ J by one pass backward, J v by two."""

        def made(**given: Any) -> Any:
            vector = given.pop(along)
            leaf = given[by].clone().requires_grad_(True)
            u = torch.zeros_like(vector).requires_grad_(True) if along == "v" else vector
            result = value(**{**given, by: leaf})
            (back,) = torch.autograd.grad(result, leaf, u, create_graph=along == "v")
            return back if along == "u" else torch.autograd.grad(back, u, vector)[0]

        return made

    def matrix(value: Other, by: str) -> Other:
        """The Jacobian of a function of one row, for a batch of them."""

        def made(**given: Any) -> Any:
            chosen = {n: v for n, v in given.items() if not torch.is_tensor(v)}
            names = [by, *(n for n in given if n != by and n not in chosen)]

            def one(*row: Any) -> Any:
                return value(**dict(zip(names, row, strict=True)), **chosen)

            each = torch.func.jacrev(one)
            return torch.func.vmap(each)(*(given[n] for n in names))

        return made

    loss, labels = plain["softmax_cross_entropy"], plain["softmax_cross_entropy_labels"]
    gradient = slope(loss, "z")
    made = plain | {
        "sigmoid_derivative": slope(plain["sigmoid"], "x"),
        "tanh_derivative": slope(torch.tanh, "input"),
        "binary_cross_entropy_with_logits_gradient": slope(
            plain["binary_cross_entropy_with_logits"], "x"
        ),
        "focal_loss_derivative": slope(plain["focal_loss"], "x"),
        "softmax_cross_entropy_gradient": gradient,
        "softmax_cross_entropy_gradient_labels": slope(labels, "z"),
        "softmax_cross_entropy_value_and_gradient": lambda **g: (loss(**g), gradient(**g)),
        "softmax_cross_entropy_value_and_gradient_labels": lambda **g: (
            labels(**g), slope(labels, "z")(**g)
        ),
        "cross_entropy_gradient": slope(plain["cross_entropy"], "q"),
        "log_partition_gradient": slope(plain["log_partition"], "eta"),
        "softmax_jacobian": matrix(plain["softmax"], "z"),
        "logsumexp_hessian": matrix(plain["softmax"], "z"),
        "log_softmax_jacobian": matrix(plain["log_softmax"], "z"),
        "log_partition_hessian": matrix(plain["mean_parameters"], "eta"),
        "softmax_jvp": product(plain["softmax"], "z", "v"),
        "softmax_vjp": product(plain["softmax"], "z", "u"),
        "log_softmax_jvp": product(plain["log_softmax"], "z", "v"),
        "log_softmax_vjp": product(plain["log_softmax"], "z", "u"),
        "quadratic_cost_sigmoid_gradient": lambda y, **x: slope(
            lambda t: 0.5 * (torch.sigmoid(t) - y) ** 2, "t"
        )(t=next(iter(x.values()))),
        "quadratic_cost_softmax_gradient": slope(
            lambda z, y: 0.5 * ((torch.softmax(z, -1) - y) ** 2).sum(-1), "z"
        ),
        "softmax_regression_gradient": lambda **g: (
            slope(plain["softmax_regression_loss"], "W")(**g),
            slope(plain["softmax_regression_loss"], "b")(**g),
        ),
    }  # fmt: skip

    def in_torch(name: str, call: Other) -> Other:
        def arrays(**given: Any) -> Any:
            known = {n: torch.from_numpy(np.array(v, copy=True)) if np.ndim(v) or n == "c" else v
                     for n, v in given.items()}  # fmt: skip
            if name in ("tanh_derivative", "sigmoid_derivative"):
                known = {"input": known["x"]}
            result = call(**known)
            both = result if isinstance(result, tuple) else (result,)
            parts = tuple(r.detach().numpy() for r in both)
            return parts if isinstance(result, tuple) else parts[0]

        return arrays

    def positional(name: str, call: Other) -> Other:
        """Functions of PyTorch call their one argument ``input``."""
        if name in ("sigmoid", "log_sigmoid", "softplus", "logit"):
            return lambda **given: call(next(iter(given.values())))
        return call

    made["sigmoid_derivative"] = slope(torch.sigmoid, "input")
    return {name: in_torch(name, positional(name, call)) for name, call in made.items()}
