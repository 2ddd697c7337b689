"""Marian's student transformer in PyTorch, parameter for parameter as the engine runs it.

Post-norm encoder, SSRU decoder, fixed sinusoids, one embedding matrix for source, target and output.
Parameters carry Marian's names and orientation: y = x W + b.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data import EOS, Batch

try:
    import fused
except ImportError:  # no Triton: PyTorch's own operations do it, in more sweeps
    fused = None

UNK = 1


@dataclass(frozen=True)
class Shape:
    """Sizes of a model; dim and ffn are multiples of 64, vocab of 8 (the engine's kernels want that)."""

    vocab: int
    dim: int = 512
    ffn: int = 2048
    heads: int = 8
    encoder: int = 6
    decoder: int = 2

    def __post_init__(self) -> None:
        if self.dim % 64 or self.ffn % 64 or self.vocab % 8 or self.dim % self.heads:
            raise ValueError(f"{asdict(self)}: dim and ffn must be multiples of 64, vocab of 8, dim of heads")


def is_matrix(name: str) -> bool:
    """Whether the parameter is a matrix that int8 models quantise."""
    return name == "Wemb" or name.rsplit("_", 1)[-1] in ("W", "Wf", "Wq", "Wk", "Wv", "Wo", "W1", "W2")


class _Scan(torch.autograd.Function):
    """c[t] = f[t] c[t-1] + u[t] along dimension 1, c[-1] = 0; float32, shapes [rows, length, dim]."""

    @staticmethod
    def forward(ctx: object, f: Tensor, u: Tensor) -> Tensor:
        c = _recurrence(f, u)
        ctx.save_for_backward(f, c)
        return c

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> tuple[Tensor, Tensor]:
        f, c = ctx.saved_tensors
        following = torch.cat([f[:, 1:], torch.zeros_like(f[:, :1])], 1)
        du = _recurrence(following.flip(1), gradient.flip(1)).flip(1)
        before = torch.cat([torch.zeros_like(c[:, :1]), c[:, :-1]], 1)
        return du * before, du


def _recurrence(f: Tensor, u: Tensor) -> Tensor:
    return by_doubling(f, u) if u.is_cuda else by_loop(f, u)


def by_doubling(f: Tensor, u: Tensor) -> Tensor:
    """The recurrence in log2(length) sweeps over the whole tensor, which suits a GPU."""
    step = 1
    while step < u.shape[1]:
        u = torch.cat([u[:, :step], u[:, step:] + f[:, step:] * u[:, :-step]], 1)
        f = torch.cat([f[:, :step], f[:, step:] * f[:, :-step]], 1)
        step *= 2
    return u


def by_loop(f: Tensor, u: Tensor) -> Tensor:
    """The recurrence step by step, the least work."""
    out = torch.empty_like(u)
    state = u[:, 0]
    out[:, 0] = state
    for t in range(1, u.shape[1]):
        state = torch.addcmul(u[:, t], f[:, t], state)
        out[:, t] = state
    return out


class Fake:
    """Rounds weights to round(w 127/max|w|) and inputs to clip(round(x alpha)), gradients passing through."""

    def __init__(self, alphas: dict[str, float]) -> None:
        self.alphas = alphas

    def weight(self, name: str, w: Tensor) -> Tensor:
        scale = 127 / w.detach().abs().max()
        return w + ((w.detach() * scale).round().clamp(-127, 127) / scale - w.detach())

    def input(self, name: str, x: Tensor) -> Tensor:
        alpha = self.alphas[name]
        clipped = x.clamp(-127 / alpha, 127 / alpha)
        d = clipped.detach().float()
        return clipped + ((d * alpha).round() / alpha - d).to(x.dtype)


class Marian(nn.Module):
    """The model. forward() gives what training needs, greedy() translates."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        d, f = shape.dim, shape.ffn
        self.p = nn.ParameterDict()
        self.quantise: Fake | None = None  # while fine-tuning for int8
        self.observe: dict[str, list[float]] | None = None  # largest |x| per matrix while calibrating

        def matrix(name: str, rows: int, columns: int) -> None:
            self.p[name] = nn.Parameter(torch.randn(rows, columns) * math.sqrt(2 / (rows + columns)))

        def zeros(name: str, columns: int) -> None:
            self.p[name] = nn.Parameter(torch.zeros(1, columns))

        def norm(name: str) -> None:
            self.p[name + "_ln_scale"] = nn.Parameter(torch.ones(1, d))
            zeros(name + "_ln_bias", d)

        def attention(name: str) -> None:
            for x in "qkvo":
                matrix(f"{name}_W{x}", d, d)
                zeros(f"{name}_b{x}", d)
            norm(name + "_Wo")

        def ffn(name: str) -> None:
            matrix(name + "_W1", d, f)
            zeros(name + "_b1", f)
            matrix(name + "_W2", f, d)
            zeros(name + "_b2", d)
            norm(name + "_ffn")

        self.p["Wemb"] = nn.Parameter(torch.randn(shape.vocab, d) / math.sqrt(d))
        zeros("decoder_ff_logit_out_b", shape.vocab)
        for i in range(1, shape.encoder + 1):
            attention(f"encoder_l{i}_self")
            ffn(f"encoder_l{i}_ffn")
        for i in range(1, shape.decoder + 1):
            matrix(f"decoder_l{i}_rnn_W", d, d)
            matrix(f"decoder_l{i}_rnn_Wf", d, d)
            zeros(f"decoder_l{i}_rnn_bf", d)
            norm(f"decoder_l{i}_rnn_ffn")
            attention(f"decoder_l{i}_context")
            ffn(f"decoder_l{i}_ffn")

    # Layers

    def weight(self, name: str) -> Tensor:
        w = self.p[name]
        return w if self.quantise is None else self.quantise.weight(name, w)

    def input(self, name: str, x: Tensor) -> Tensor:
        if self.observe is not None:
            self.observe.setdefault(name, []).append(float(x.detach().abs().max()))
        return x if self.quantise is None else self.quantise.input(name, x)

    def _affine(self, x: Tensor, name: str, *letters: str) -> tuple[Tensor, ...]:
        """x W + b for each letter, one product over the joined matrices."""
        for letter in letters[1:]:
            if self.observe is not None:
                self.input(f"{name}_W{letter}", x)
        x = self.input(f"{name}_W{letters[0]}", x)
        ws = [self.weight(f"{name}_W{y}") for y in letters]
        bs = [self.p[f"{name}_b{y}"] for y in letters if f"{name}_b{y}" in self.p]
        if len(bs) < len(ws):  # rnn_W has no bias
            bs = [torch.zeros_like(bs[0])] + bs
        if len(ws) == 1:
            return (F.linear(x, ws[0].t(), bs[0][0]),)
        y = F.linear(x, torch.cat(ws, 1).t(), torch.cat(bs, 1)[0])
        return y.split([w.shape[1] for w in ws], -1)

    def _norm(self, x: Tensor, residual: Tensor, name: str) -> Tensor:
        if x.is_cuda and fused is not None:
            p = self.dropout if self.training else 0.0
            seed = int(torch.randint(1 << 31, ())) if p else 0
            return fused.Norm.apply(x, residual, self.p[name + "_ln_scale"][0], self.p[name + "_ln_bias"][0], p, seed, 1e-6)
        if self.training and self.dropout:
            x = F.dropout(x, self.dropout)
        x = x + residual
        return F.layer_norm(x, x.shape[-1:], self.p[name + "_ln_scale"][0], self.p[name + "_ln_bias"][0], 1e-6)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.shape.heads, -1)).transpose(1, 2)

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
        """Attention over heads [rows, heads, length, dim/heads]; mask [rows, 1, 1, source], true where there is a token."""
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=self.dropout if self.training else 0.0)
        else:
            y = _weights(q, k, mask).to(v.dtype) @ v
        return y.transpose(1, 2).flatten(2)

    def _ffn(self, x: Tensor, name: str) -> Tensor:
        (h,) = self._affine(x, name, "1")
        (y,) = self._affine(F.relu(h), name, "2")
        return self._norm(y, x, name + "_ffn")

    def _embed(self, ids: Tensor, start: int = 0) -> Tensor:
        x = F.embedding(ids, self.weight("Wemb")) * math.sqrt(self.shape.dim)
        return x + positions(start, ids.shape[1], self.shape.dim, x.device)

    def encode(self, source: Tensor, mask: Tensor) -> Tensor:
        """Context [rows, source, dim] of ids [rows, source]; mask is true where there is a token."""
        x = self._embed(source)
        if self.training and self.dropout:
            x = F.dropout(x, self.dropout)
        wide = mask[:, None, None, :]
        for i in range(1, self.shape.encoder + 1):
            name = f"encoder_l{i}_self"
            q, k, v = (self._heads(y) for y in self._affine(x, name, "q", "k", "v"))
            (y,) = self._affine(self._attend(q, k, v, wide), name, "o")
            x = self._ffn(self._norm(y, x, name + "_Wo"), f"encoder_l{i}_ffn")
        return x

    def _cross(self, name: str, context: Tensor) -> tuple[Tensor, Tensor]:
        k, v = self._affine(context, name, "k", "v")
        return self._heads(k), self._heads(v)

    def _decode(self, x: Tensor, keys: list[tuple[Tensor, Tensor]], mask: Tensor, states: list[Tensor] | None) -> tuple[Tensor, Tensor]:
        """Decoder output and head 0's attention in the last layer [rows, target, source]; updates states in place, if given."""
        wide = mask[:, None, None, :]
        for i in range(1, self.shape.decoder + 1):
            name = f"decoder_l{i}_rnn"
            u, g = self._affine(x, name, "", "f")
            if states is None and x.is_cuda and fused is not None:
                h = fused.SSRU.apply(u, g)
            else:
                f = torch.sigmoid(g.float())
                u = (1 - f) * u.float()
                if states is None:
                    c = _Scan.apply(f, u)
                else:
                    states[i - 1] = c = f * states[i - 1] + u
                h = F.relu(c).to(x.dtype)
            x = self._norm(h, x, name + "_ffn")
            name = f"decoder_l{i}_context"
            (q,) = self._affine(x, name, "q")
            q, (k, v) = self._heads(q), keys[i - 1]
            (y,) = self._affine(self._attend(q, k, v, wide), name, "o")
            x = self._ffn(self._norm(y, x, name + "_Wo"), f"decoder_l{i}_ffn")
        return x, _weights(q[:, :1], k[:, :1], wide)[:, 0]

    def forward(self, source: Tensor, source_length: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Decoder output [rows, target, dim], before logits(), and the alignment [rows, target, source]."""
        mask = torch.arange(source.shape[1], device=source.device) < source_length[:, None]
        context = self.encode(source, mask)
        previous = F.embedding(target[:, :-1], self.weight("Wemb")) * math.sqrt(self.shape.dim)
        x = F.pad(previous, (0, 0, 1, 0)) + positions(0, target.shape[1], self.shape.dim, source.device)
        if self.training and self.dropout:
            x = F.dropout(x, self.dropout)
        keys = [self._cross(f"decoder_l{i}_context", context) for i in range(1, self.shape.decoder + 1)]
        return self._decode(x, keys, mask, None)

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.input("Wemb", x), self.weight("Wemb"), self.p["decoder_ff_logit_out_b"][0])

    @torch.no_grad()
    def greedy(self, source: Tensor, source_length: Tensor, factor: float = 2.0) -> tuple[list[list[int]], list[float]]:
        """The best ids of each row without EOS, and the sum of their logits with EOS."""
        rows, device = source.shape[0], source.device
        mask = torch.arange(source.shape[1], device=device) < source_length[:, None]
        context = self.encode(source, mask)
        keys = [self._cross(f"decoder_l{i}_context", context) for i in range(1, self.shape.decoder + 1)]
        states = [torch.zeros(rows, 1, self.shape.dim, device=device) for _ in keys]
        limit = (source_length.float() * factor).ceil().long()
        live, score = torch.ones(rows, dtype=torch.bool, device=device), torch.zeros(rows, device=device)
        x = torch.zeros(rows, 1, self.shape.dim, device=device) + positions(0, 1, self.shape.dim, device)
        steps: list[Tensor] = []
        while bool(live.any()):
            y, _ = self._decode(x, keys, mask, states)
            logits = self.logits(y)[:, 0].float()
            logits[:, UNK] = -torch.inf
            best, ids = logits.max(-1)
            score += torch.where(live, best, torch.zeros_like(best))
            ids = torch.where(live, ids, torch.full_like(ids, EOS))
            steps.append(ids)
            live &= (ids != EOS) & (len(steps) < limit)
            x = self._embed(ids[:, None], len(steps))
        columns = torch.stack(steps, 1).tolist() if steps else [[] for _ in range(rows)]
        return [row[: row.index(EOS)] if EOS in row else row for row in columns], score.tolist()


def _weights(q: Tensor, k: Tensor, mask: Tensor) -> Tensor:
    """Attention weights in float32."""
    scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(q.shape[-1])
    return scores.masked_fill(~mask, -99999999.0).softmax(-1)


def calibrate(net: Marian, batches: Iterable[Batch]) -> dict[str, float]:
    """Alpha of each matrix: 127 over the mean plus 1.1 standard deviations of the largest |x| per batch, as Marian's pipeline has it.

    Matrices with the same input get the same alpha, so that the engine quantises it once.
    """
    net.observe, net.quantise, net.training = {}, None, False
    with torch.no_grad():
        for b in batches:
            out, _ = net(b.source, b.source_length, b.target)
            net.logits(out[torch.arange(b.target.shape[1], device=out.device) < b.target_length[:, None]])
    seen, net.observe = net.observe, None
    alphas = {}
    for name, values in seen.items():
        v = torch.tensor(values)
        alphas[name] = float(127 / (v.mean() + 1.1 * v.std(unbiased=False)))
    return alphas


def read(path: Path, device: torch.device | str = "cpu") -> dict:
    """A checkpoint; PyTorch before 2 cannot read one with numbers in it in its safe way."""
    safe = int(torch.__version__.split(".")[0]) >= 2
    return torch.load(path, map_location=device, weights_only=safe)


_POSITIONS: dict[tuple[int, str], Tensor] = {}


def positions(start: int, length: int, dim: int, device: torch.device) -> Tensor:
    """Sines then cosines [length, dim] of positions from start on."""
    key = (dim, str(device))
    table = _POSITIONS.get(key)
    if table is None or table.shape[0] < start + length:
        half = dim // 2
        p = torch.arange(max(512, start + length), dtype=torch.float32)[:, None]
        angle = p * torch.exp(torch.arange(half, dtype=torch.float32) * -(math.log(10000.0) / (half - 1)))[None]
        table = _POSITIONS[key] = torch.cat([angle.sin(), angle.cos()], 1).to(device)
    return table[start : start + length]
