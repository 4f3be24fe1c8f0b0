"""NumPy functions generated from proved derivations, one module a family. Do not edit.

Template: templates/numpy/package.py.jinja. To write this file again: make generate
"""

from .cross_entropy import (
    cross_entropy_gradient,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    softmax_cross_entropy_gradient_labels,
    softmax_cross_entropy_hessian,
    softmax_cross_entropy_labels,
)
from .multinomial import (
    log_partition,
    log_partition_gradient,
    log_partition_hessian,
    log_pmf_natural,
    mean_parameters,
    natural_parameters,
)
from .softmax import (
    log_softmax,
    log_softmax_jacobian,
    logsumexp,
    logsumexp_hessian,
    softmax,
    softmax_jacobian,
)

__all__ = [
    "cross_entropy_gradient",
    "log_partition",
    "log_partition_gradient",
    "log_partition_hessian",
    "log_pmf_natural",
    "log_softmax",
    "log_softmax_jacobian",
    "logsumexp",
    "logsumexp_hessian",
    "mean_parameters",
    "natural_parameters",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_gradient_labels",
    "softmax_cross_entropy_hessian",
    "softmax_cross_entropy_labels",
    "softmax_jacobian",
]
