"""NumPy functions generated from proved derivations, one module a family. Do not edit.

Template: templates/numpy/package.py.jinja. To write this file again: make generate
"""

from .back_propagation import (
    hidden_layer_backward,
)
from .binary_cross_entropy import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
)
from .cross_entropy import (
    cross_entropy,
    cross_entropy_gradient,
    entropy,
    kl_divergence,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    softmax_cross_entropy_gradient_labels,
    softmax_cross_entropy_hessian,
    softmax_cross_entropy_hessian_labels,
    softmax_cross_entropy_hvp,
    softmax_cross_entropy_hvp_labels,
    softmax_cross_entropy_labels,
    softmax_cross_entropy_value_and_gradient,
    softmax_cross_entropy_value_and_gradient_labels,
)
from .focal_loss import (
    focal_loss,
    focal_loss_derivative,
)
from .hierarchical_softmax import (
    hierarchical_softmax_gradient,
    hierarchical_softmax_log_probability,
)
from .linear_layer import (
    linear_layer,
    linear_layer_gradients,
)
from .multinomial import (
    log_partition,
    log_partition_gradient,
    log_partition_gradient_symmetric,
    log_partition_hessian,
    log_partition_hessian_symmetric,
    log_partition_symmetric,
    log_pmf,
    log_pmf_natural,
    log_pmf_natural_symmetric,
    mean_parameters,
    mean_parameters_symmetric,
    natural_parameters,
    natural_parameters_symmetric,
    sufficient_statistic,
    sufficient_statistic_symmetric,
)
from .quadratic_cost import (
    quadratic_cost,
    quadratic_cost_sigmoid_gradient,
    quadratic_cost_softmax_gradient,
)
from .sigmoid import (
    log_sigmoid,
    logit,
    sigmoid,
    sigmoid_derivative,
    softplus,
    tanh_derivative,
)
from .softmax import (
    log_softmax,
    log_softmax_jacobian,
    log_softmax_jvp,
    log_softmax_vjp,
    logsumexp,
    logsumexp_hessian,
    softmax,
    softmax_jacobian,
    softmax_jvp,
    softmax_temperature_derivative,
    softmax_vjp,
)
from .softmax_regression import (
    softmax_regression_gradient,
    softmax_regression_hessian,
    softmax_regression_hvp,
    softmax_regression_loss,
)

__all__ = [
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_gradient",
    "cross_entropy",
    "cross_entropy_gradient",
    "entropy",
    "focal_loss",
    "focal_loss_derivative",
    "hidden_layer_backward",
    "hierarchical_softmax_gradient",
    "hierarchical_softmax_log_probability",
    "kl_divergence",
    "linear_layer",
    "linear_layer_gradients",
    "log_partition",
    "log_partition_gradient",
    "log_partition_gradient_symmetric",
    "log_partition_hessian",
    "log_partition_hessian_symmetric",
    "log_partition_symmetric",
    "log_pmf",
    "log_pmf_natural",
    "log_pmf_natural_symmetric",
    "log_sigmoid",
    "log_softmax",
    "log_softmax_jacobian",
    "log_softmax_jvp",
    "log_softmax_vjp",
    "logit",
    "logsumexp",
    "logsumexp_hessian",
    "mean_parameters",
    "mean_parameters_symmetric",
    "natural_parameters",
    "natural_parameters_symmetric",
    "quadratic_cost",
    "quadratic_cost_sigmoid_gradient",
    "quadratic_cost_softmax_gradient",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_gradient_labels",
    "softmax_cross_entropy_hessian",
    "softmax_cross_entropy_hessian_labels",
    "softmax_cross_entropy_hvp",
    "softmax_cross_entropy_hvp_labels",
    "softmax_cross_entropy_labels",
    "softmax_cross_entropy_value_and_gradient",
    "softmax_cross_entropy_value_and_gradient_labels",
    "softmax_jacobian",
    "softmax_jvp",
    "softmax_regression_gradient",
    "softmax_regression_hessian",
    "softmax_regression_hvp",
    "softmax_regression_loss",
    "softmax_temperature_derivative",
    "softmax_vjp",
    "softplus",
    "sufficient_statistic",
    "sufficient_statistic_symmetric",
    "tanh_derivative",
]
