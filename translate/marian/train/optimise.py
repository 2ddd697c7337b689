"""Adam for vectors and embeddings, Muon for the matrices in between, and an average of the weights."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

import model as m


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made orthogonal by Newton and Schulz's iteration (Jordan and others 2024).

    It learns more from each token than Adam, which counts where tokens are dear. lr is the root mean
    square of an update's entries in units of 0.2, so that Adam's rates fit.
    """

    def __init__(self, params: list[nn.Parameter], lr: float, momentum: float = 0.95) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            alike: dict[tuple[int, ...], list[tuple[nn.Parameter, Tensor]]] = {}
            for p in group["params"]:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                buffer = state["momentum"]
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = torch.lerp(p.grad, buffer, group["momentum"])
                wide = update if p.shape[0] <= p.shape[1] else update.t()
                alike.setdefault(tuple(wide.shape), []).append((p, wide))
            for shape, members in alike.items():  # one product for all matrices of a size
                updates = _orthogonal(torch.stack([u for _, u in members]))
                for (p, _), u in zip(members, updates):
                    p.add_(u if p.shape == u.shape else u.t(), alpha=-group["lr"] * 0.2 * math.sqrt(max(shape)))


def _orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """The nearest matrices with orthogonal rows, nearly; g is [matrices, rows, columns] with rows <= columns."""
    x = g.bfloat16() if g.is_cuda else g
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        a = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.float()


class Optimiser:
    """One or two optimisers under one schedule: linear warm-up, then down by cosine to a tenth, or inverse square root."""

    def __init__(self, model: m.Marian, kind: str, lr: float, warmup: int, total: int, decay: str = "cosine") -> None:
        self.lr, self.warmup, self.total, self.decay = lr, warmup, total, decay
        matrices = [p for n, p in model.p.items() if m.is_matrix(n) and n != "Wemb"] if kind == "muon" else []
        chosen = {id(p) for p in matrices}
        rest = [p for p in model.parameters() if id(p) not in chosen]
        fused = {"fused": True} if rest[0].is_cuda else {}
        self.parts: list[torch.optim.Optimizer] = [torch.optim.Adam(rest, lr=lr, betas=(0.9, 0.98), eps=1e-9, **fused)]
        if matrices:
            self.parts.append(Muon(matrices, lr=lr))

    def rate(self, step: int, share: float | None = None) -> float:
        """Learning rate at a step; share is the part of the budget that is gone, where that is time and not steps."""
        if step < self.warmup:
            return self.lr * (step + 1) / self.warmup
        if self.decay == "sqrt":
            return self.lr * math.sqrt(self.warmup / (step + 1))
        if share is None:
            share = (step - self.warmup) / max(1, self.total - self.warmup)
        return self.lr * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))

    def step(self, step: int, share: float | None = None) -> float:
        rate = self.rate(step, share)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()
            part.zero_grad(set_to_none=True)
        return rate

    def state_dict(self) -> list[dict]:
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, state: list[dict]) -> None:
        for part, kept in zip(self.parts, state):
            part.load_state_dict(kept)


class Average:
    """Exponential moving average of the weights, which is what is evaluated and exported."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.weights = {n: p.detach().clone() for n, p in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        own, theirs = list(self.weights.values()), [p.detach() for _, p in model.named_parameters()]
        if hasattr(torch, "_foreach_lerp_"):
            torch._foreach_lerp_(own, theirs, 1 - decay)
            return
        for w, p in zip(own, theirs):
            w.lerp_(p, 1 - decay)

    @torch.no_grad()
    def swap(self, model: nn.Module) -> None:
        """Exchanges the model's weights and the average."""
        for n, p in model.named_parameters():
            kept = p.detach().clone()
            p.copy_(self.weights[n])
            self.weights[n].copy_(kept)
