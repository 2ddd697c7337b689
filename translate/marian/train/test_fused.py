"""The GPU's kernels in Triton's interpreter, against the plain forms; skipped where there is no Triton."""

from __future__ import annotations

import os

os.environ["TRITON_INTERPRET"] = "1"

import numpy as np
import pytest
import torch
from torch import Tensor

import model as m

pytest.importorskip("triton")
import fused  # noqa: E402

if np.lib.NumpyVersion(np.__version__) >= "2.4.0":
    pytest.skip("Triton's interpreter wants a NumPy before 2.4", allow_module_level=True)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(4)


def same(a: Tensor, b: Tensor, *inputs: Tensor) -> None:
    """a and b, and their gradients, are equal up to float32's rounding."""
    weights = torch.randn_like(a)
    torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)
    for x, y in zip(torch.autograd.grad((a * weights).sum(), inputs), torch.autograd.grad((b * weights).sum(), inputs)):
        torch.testing.assert_close(x, y, rtol=1e-4, atol=1e-5)


def leaf(*shape: int) -> Tensor:
    return torch.randn(*shape, requires_grad=True)


def test_recurrence() -> None:
    u, g = leaf(3, 7, 48), leaf(3, 7, 48)
    f = torch.sigmoid(g)
    same(torch.relu(m._Scan.apply(f, (1 - f) * u)), fused.SSRU.apply(u, g), u, g)


def test_norm_without_dropout() -> None:
    x, residual, scale, bias = leaf(2, 5, 48), leaf(2, 5, 48), leaf(48), leaf(48)
    plain = torch.nn.functional.layer_norm(x + residual, (48,), scale, bias, 1e-6)
    same(plain, fused.Norm.apply(x, residual, scale, bias, 0.0, 1, 1e-6), x, residual, scale, bias)


def test_dropout_drops_the_same_in_both_directions() -> None:
    x, zero = torch.ones(40, 64, requires_grad=True), torch.zeros(40, 64)
    y = fused.Norm.apply(x, zero, torch.ones(64), torch.zeros(64), 0.25, 7, 1e-6)
    (gradient,) = torch.autograd.grad((y * torch.randn(40, 64)).sum(), x)
    dropped = y < 0  # below the mean
    assert 0.2 < dropped.float().mean() < 0.3
    assert torch.equal(gradient == 0, dropped)


def test_loss() -> None:
    x, w, b = leaf(11, 16), leaf(104, 16), leaf(104)
    wanted = torch.randint(0, 104, (11,))
    wanted[3] = -1
    real = wanted >= 0
    logp = torch.log_softmax(x @ w.t() + b, -1)[real]
    nll = -logp.gather(1, wanted[real][:, None]).sum()
    plain = (0.9 * nll - 0.1 * logp.mean(-1).sum()) / 10
    smoothed, missed = fused.CrossEntropy.apply(x, w, b, wanted, 0.1, 1 / 10)
    torch.testing.assert_close(smoothed, plain)
    torch.testing.assert_close(missed, nll)
    for g, h in zip(torch.autograd.grad(plain, (x, w, b)), torch.autograd.grad(smoothed, (x, w, b))):
        torch.testing.assert_close(g, h, rtol=1e-4, atol=1e-6)
