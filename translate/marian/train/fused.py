"""Kernels for a GPU, in Triton, of what PyTorch would do in many sweeps over memory: the decoder's
recurrence, the loss over the vocabulary, and dropout, residual and layer norm in one.

Each has its plain form in model.py or train.py, which it equals up to bfloat16's rounding; the tests compare
them in Triton's interpreter (TRITON_INTERPRET=1) where that is installed.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit(do_not_specialize=["length"])
def _ssru_forward(u, g, c, h, length, dim, block: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * block + tl.arange(0, block)
    keep = column < dim
    at = row * length * dim + column
    state = tl.zeros([block], tl.float32)
    for _ in range(length):
        x = tl.load(u + at, mask=keep, other=0.0).to(tl.float32)
        f = tl.sigmoid(tl.load(g + at, mask=keep, other=0.0).to(tl.float32))
        state = f * state + (1 - f) * x
        tl.store(c + at, state, mask=keep)
        tl.store(h + at, tl.maximum(state, 0.0), mask=keep)
        at += dim


@triton.jit(do_not_specialize=["length"])
def _ssru_backward(u, g, c, dh, du, dg, length, dim, block: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * block + tl.arange(0, block)
    keep = column < dim
    at = (row * length + length - 1) * dim + column
    carried = tl.zeros([block], tl.float32)
    now = tl.load(c + at, mask=keep, other=0.0)
    for t in range(length):
        first = t == length - 1
        before = tl.load(c + at - dim, mask=keep & (first == 0), other=0.0)
        x = tl.load(u + at, mask=keep, other=0.0).to(tl.float32)
        f = tl.sigmoid(tl.load(g + at, mask=keep, other=0.0).to(tl.float32))
        d = tl.load(dh + at, mask=keep, other=0.0).to(tl.float32)
        d = tl.where(now > 0, d, 0.0) + carried
        tl.store(du + at, d * (1 - f), mask=keep)
        tl.store(dg + at, d * (before - x) * f * (1 - f), mask=keep)
        carried = d * f
        now = before
        at -= dim


class SSRU(torch.autograd.Function):
    """relu(c), where c[t] = s(g[t]) c[t-1] + (1 - s(g[t])) u[t]; u and g [rows, length, dim], s the logistic function."""

    @staticmethod
    def forward(ctx: object, u: Tensor, g: Tensor) -> Tensor:
        u, g = u.contiguous(), g.contiguous()
        rows, length, dim = u.shape
        c, h = torch.empty(u.shape, dtype=torch.float32, device=u.device), torch.empty_like(u)
        block = min(128, triton.next_power_of_2(dim))
        _ssru_forward[(rows, triton.cdiv(dim, block))](u, g, c, h, length, dim, block, num_warps=2)
        ctx.save_for_backward(u, g, c)
        return h

    @staticmethod
    def backward(ctx: object, dh: Tensor) -> tuple[Tensor, Tensor]:
        u, g, c = ctx.saved_tensors
        dh = dh.contiguous()
        rows, length, dim = u.shape
        du, dg = torch.empty_like(u), torch.empty_like(g)
        block = min(128, triton.next_power_of_2(dim))
        _ssru_backward[(rows, triton.cdiv(dim, block))](u, g, c, dh, du, dg, length, dim, block, num_warps=2)
        return du, dg


@triton.jit
def _cross_entropy(logits, wanted, loss, nll, size, smoothing, scale, block: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    target = tl.load(wanted + row)
    base = logits + row * size
    top = -float("inf")
    total = 0.0
    sum_ = 0.0
    for start in range(0, size, block):
        column = start + tl.arange(0, block)
        x = tl.load(base + column, mask=column < size, other=-float("inf")).to(tl.float32)
        new = tl.maximum(top, tl.max(x, 0))
        total = total * tl.exp(top - new) + tl.sum(tl.exp(x - new), 0)
        sum_ += tl.sum(tl.where(column < size, x, 0.0), 0)
        top = new
    lse = top + tl.log(total)
    real = target >= 0
    own = tl.load(base + tl.maximum(target, 0)).to(tl.float32)
    missed = tl.where(real, lse - own, 0.0)
    even = tl.where(real, lse - sum_ / size, 0.0)
    tl.store(nll + row, missed)
    tl.store(loss + row, (1 - smoothing) * missed + smoothing * even)
    factor = tl.where(real, scale, 0.0)
    for start in range(0, size, block):
        column = start + tl.arange(0, block)
        x = tl.load(base + column, mask=column < size, other=-float("inf")).to(tl.float32)
        p = tl.exp(x - lse) - smoothing / size - tl.where(column == target, 1 - smoothing, 0.0)
        tl.store(base + column, p * factor, mask=column < size)


class CrossEntropy(torch.autograd.Function):
    """Smoothed cross-entropy of x W^T + b, times scale, and the plain one's sum; wanted is -1 where nothing counts.

    x [n, dim], w [size, dim], b [size] and the logits are of one type; the logits become their gradient in place.
    """

    @staticmethod
    def forward(ctx: object, x: Tensor, w: Tensor, b: Tensor, wanted: Tensor, smoothing: float, scale: float) -> tuple[Tensor, Tensor]:
        logits = torch.addmm(b, x, w.t())
        n, size = logits.shape
        loss, nll = (torch.empty(n, dtype=torch.float32, device=x.device) for _ in range(2))
        _cross_entropy[(n,)](logits, wanted, loss, nll, size, smoothing, scale, min(4096, triton.next_power_of_2(size)), num_warps=8)
        ctx.save_for_backward(x, w, logits)
        total = nll.sum()
        ctx.mark_non_differentiable(total)
        return loss.sum() * scale, total

    @staticmethod
    def backward(ctx: object, d: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        x, w, gradient = ctx.saved_tensors  # d is one: the loss is the last thing computed
        return gradient @ w, gradient.t() @ x, gradient.sum(0), None, None, None


@triton.jit(do_not_specialize=["seed"])
def _norm_forward(x, residual, scale, bias, y, z, rstd, dim, p, seed, eps, block: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, block)
    keep = column < dim
    at = row * dim + column
    v = tl.load(x + at, mask=keep, other=0.0).to(tl.float32)
    if p > 0:
        v = tl.where(tl.rand(seed, at.to(tl.int32)) >= p, v / (1 - p), 0.0)
    v += tl.load(residual + at, mask=keep, other=0.0).to(tl.float32)
    mean = tl.sum(tl.where(keep, v, 0.0), 0) / dim
    centred = tl.where(keep, v - mean, 0.0)
    r = 1 / tl.sqrt(tl.sum(centred * centred, 0) / dim + eps)
    normed = centred * r
    tl.store(z + at, normed, mask=keep)
    tl.store(rstd + row, r)
    out = normed * tl.load(scale + column, mask=keep, other=0.0) + tl.load(bias + column, mask=keep, other=0.0)
    tl.store(y + at, out, mask=keep)


@triton.jit(do_not_specialize=["seed", "rows", "share"])
def _norm_backward(dy, z, rstd, scale, dx, dresidual, dscale, dbias, rows, dim, p, seed, share, block: tl.constexpr):
    program = tl.program_id(0)
    column = tl.arange(0, block)
    keep = column < dim
    s = tl.load(scale + column, mask=keep, other=0.0)
    ds, db = tl.zeros([block], tl.float32), tl.zeros([block], tl.float32)
    first = program.to(tl.int64) * share
    for row in range(first, tl.minimum(first + share, rows)):
        at = row * dim + column
        d = tl.load(dy + at, mask=keep, other=0.0).to(tl.float32)
        n = tl.load(z + at, mask=keep, other=0.0).to(tl.float32)
        ds += d * n
        db += d
        d *= s
        d = (d - tl.sum(d, 0) / dim - n * (tl.sum(d * n, 0) / dim)) * tl.load(rstd + row)
        tl.store(dresidual + at, d, mask=keep)
        if p > 0:
            d = tl.where(tl.rand(seed, at.to(tl.int32)) >= p, d / (1 - p), 0.0)
        tl.store(dx + at, d, mask=keep)
    tl.store(dscale + program * dim + column, ds, mask=keep)
    tl.store(dbias + program * dim + column, db, mask=keep)


class Norm(torch.autograd.Function):
    """LN(dropout(x) + residual) along the last dimension, in x's type; scale and bias [dim], float32."""

    @staticmethod
    def forward(ctx: object, x: Tensor, residual: Tensor, scale: Tensor, bias: Tensor, p: float, seed: int, eps: float) -> Tensor:
        x, residual = x.contiguous(), residual.contiguous()
        dim = x.shape[-1]
        rows = x.numel() // dim
        y, z = torch.empty_like(x), torch.empty_like(x)
        rstd = torch.empty(rows, dtype=torch.float32, device=x.device)
        _norm_forward[(rows,)](x, residual, scale, bias, y, z, rstd, dim, p, seed, eps, triton.next_power_of_2(dim), num_warps=4)
        ctx.save_for_backward(z, rstd, scale)
        ctx.p, ctx.seed = p, seed
        ctx.kind = residual.dtype
        return y

    @staticmethod
    def backward(ctx: object, dy: Tensor) -> tuple[Tensor | None, ...]:
        z, rstd, scale = ctx.saved_tensors
        dy = dy.contiguous()
        dim, rows = z.shape[-1], rstd.numel()
        dx, dresidual = torch.empty_like(z), torch.empty(z.shape, dtype=ctx.kind, device=z.device)
        programs = min(rows, 132 * 8)
        share = triton.cdiv(rows, programs)
        dscale, dbias = (torch.zeros(programs, dim, dtype=torch.float32, device=z.device) for _ in range(2))
        _norm_backward[(programs,)](dy, z, rstd, scale, dx, dresidual, dscale, dbias, rows, dim, ctx.p, ctx.seed, share,
                                    triton.next_power_of_2(dim), num_warps=4)  # fmt: skip
        return dx, dresidual, dscale.sum(0), dbias.sum(0), None, None, None
