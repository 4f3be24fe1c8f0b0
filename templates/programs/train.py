"""Train a softmax classifier with the generated functions: by L-BFGS, or by Newton's method."""

import numpy as np
from scipy.optimize import minimize
from sklearn.datasets import load_wine

from generated import (
    softmax,
    softmax_regression_gradient,
    softmax_regression_hessian,
    softmax_regression_loss,
)


def split(theta, y):
    """W : (K, D) and b : (K,), from one vector that holds both."""
    K = y.shape[1]
    return theta[:-K].reshape(K, -1), theta[-K:]


def value_and_gradient(theta, X, y, l2):
    W, b = split(theta, y)
    dW, db = softmax_regression_gradient(W, b, X, y, l2=l2)
    return softmax_regression_loss(W, b, X, y, l2=l2), np.concatenate([dW.ravel(), db])


def lbfgs(theta, X, y, l2, callback=None):
    found = minimize(
        value_and_gradient, theta, args=(X, y, l2), jac=True, method="L-BFGS-B",
        options={"gtol": 1e-10, "ftol": 0, "maxcor": 30, "maxiter": 10_000},
        callback=callback,
    )
    return found.x


def hessian(theta, X, y, l2):
    W, b = split(theta, y)
    H_WW, H_Wb, H_bb = softmax_regression_hessian(W, b, X, y, l2=l2)
    H_Wb = H_Wb.reshape(W.size, b.size)
    return np.block([[H_WW.reshape(W.size, W.size), H_Wb], [H_Wb.T, H_bb]])


def newton(theta, X, y, l2, callback=None):
    gain = np.inf
    while gain > 1e-20:
        value, gradient = value_and_gradient(theta, X, y, l2)
        # The shortest step: none along directions in which the loss does not change.
        step = np.linalg.lstsq(hessian(theta, X, y, l2), gradient)[0]
        gain = gradient @ step
        while gain > 1e-12:  # half the step, as long as it gains too little
            if value_and_gradient(theta - step, X, y, l2)[0] <= value - gain / 4:
                break
            step, gain = step / 2, gain / 2
        theta = theta - step
        if callback:
            callback(theta)
    return theta


def main():
    X, c = load_wine(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = np.eye(3)[c]
    theta = newton(np.zeros(3 * (13 + 1)), X, y, l2=1 / len(X))
    W, b = split(theta, y)
    right = softmax(X @ W.T + b).argmax(axis=-1) == c
    loss, _ = value_and_gradient(theta, X, y, l2=1 / len(X))
    print(f"loss {loss:.8f}, {right.mean():.1%} right")


if __name__ == "__main__":
    main()
