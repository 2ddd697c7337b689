"""Learns the joint model: how likely an English word is, given the French
sentence, the word of it that it belongs to, and the English words before it.

  python3 joint.py TEXT OUT --words 40e6 [--first N --times M] [--threads N]

TEXT is what `train joint` wrote. A network of gated convolutions reads the
French; for each English word, what it made of the word's French one is added
to what comes of the three English words before, and the sum, gated, is
compared with the words that could stand there: noise-contrastive estimation,
so that scores are logarithms of probabilities without a sum over all words
(Devlin et al. 2014; the convolutions as in Gehring et al. 2017). A last output
says whether a French word has an English one at all. Beside it learns the order
model: which French word the next English one belongs to, given that of the last
and those that are done. It reads about so many English words; the first N
sentences M times as often as the others. It writes OUT, for `train pack`, and
OUT.pt every five minutes and at the end, and goes on from OUT.pt.
"""
import argparse, json, math, os, struct, time
import numpy as np
import torch
import torch.nn.functional as F

SOURCE, TARGET, CLASSES = 20000, 16384, 512
NS, NT = SOURCE + CLASSES + 2, TARGET + CLASSES + 1
NONE, START = TARGET + CLASSES, 1
DIM, WORD, BEFORE, DILATIONS, NOISE, BATCH = 256, 128, 3, (1, 2, 3, 1), 1024, 4096
RATE, WARM = 2e-3, 200
ORDER, REACH = 64, 10  # what is compared of two French words; how far apart they are told apart
KINDS = 2 * REACH + 1
BLUR = 0.1  # of the words stand as their class alone: so it gets used to rare words
COMMON = 20  # the commonest ones never


def read(path):
    """All numbers, where each sentence begins among them, its lengths, and what the words blur to."""
    flat = np.fromfile(path, dtype=np.uint16)
    heads, at = [], SOURCE + TARGET
    blurred = (np.concatenate([flat[:SOURCE].astype(np.int64), np.arange(SOURCE, NS)]),
               np.concatenate([[0, 1, 2], flat[SOURCE + 3:at].astype(np.int64), np.arange(TARGET, NT)]))
    while at < len(flat):
        heads.append(at)
        at += 2 + int(flat[at]) + 2 * int(flat[at + 1])
    heads = np.array(heads, dtype=np.int64)
    n, m = flat[heads].astype(np.int64), flat[heads + 1].astype(np.int64)
    return flat, heads + 2, n, m, blurred


def grid(flat, begin, length, fill):
    width = int(length.max())
    step = np.arange(width)
    mask = step[None, :] < length[:, None]
    at = np.minimum(begin[:, None] + step[None, :], len(flat) - 1)
    return np.where(mask, flat[at].astype(np.int64), fill), mask


class Joint(torch.nn.Module):
    def __init__(self, counts):
        super().__init__()
        p = torch.nn.Parameter
        self.source = p(torch.randn(NS, DIM) * 0.3)
        self.conv = torch.nn.ParameterList(p(torch.randn(3 * DIM, 2 * DIM) / math.sqrt(3 * DIM) * 1.2) for _ in DILATIONS)
        self.convb = torch.nn.ParameterList(p(torch.zeros(2 * DIM)) for _ in DILATIONS)
        self.reach = p(torch.randn(DIM, 2 * DIM) / math.sqrt(DIM))
        self.word = p(torch.randn(NT, WORD) * 0.3)
        self.history = p(torch.randn(BEFORE * WORD, 2 * DIM) / math.sqrt(BEFORE * WORD))
        self.bias = p(torch.zeros(2 * DIM))
        self.out = p(torch.randn(NT, DIM) * 0.02)
        self.outb = p(torch.log(counts / counts.sum()).float())
        self.drop = p(torch.zeros(DIM, 1))
        self.dropb = p(torch.zeros(1))
        self.order = p(torch.randn(DIM, 2 * ORDER + 2 * KINDS + 1) / math.sqrt(DIM))
        self.orderb = p(torch.zeros(2 * ORDER + 2 * KINDS + 1))
        self.orderword = p(torch.randn(WORD, ORDER) / math.sqrt(WORD))

    def encode(self, src, mask):
        x = F.embedding(src, self.source) * mask
        for d, w, b in zip(DILATIONS, self.conv, self.convb):
            pad = F.pad(x, (0, 0, d, d))
            t = x.shape[1]
            y = torch.cat([pad[:, :t], x, pad[:, 2 * d:]], 2) @ w + b
            x = (x + F.glu(y, 2)) * math.sqrt(0.5) * mask
        return x

    def hidden(self, x, row, at, before):
        s = (x @ self.reach + self.bias)[row, at]
        h = F.embedding(before, self.word).reshape(len(row), -1) @ self.history
        a, g = (s + h).chunk(2, 1)
        return a * torch.relu(g)

    def places(self, x, last, word):
        """Logits of each French word, after the last one and the English word: sentences, English words, French words."""
        asks, keys, leaves, comes, bias = (x @ self.order + self.orderb).split([ORDER, ORDER, KINDS, KINDS, 1], 2)
        pick = lambda y: y.gather(1, last[:, :, None].expand(-1, -1, y.shape[2]))
        far = (torch.arange(x.shape[1])[None, None, :] - last[:, :, None]).clamp(-REACH, REACH) + REACH
        ask = pick(asks) + (F.embedding(word, self.word) * (word != NONE)[:, :, None]) @ self.orderword
        comes = comes[:, None].expand(-1, last.shape[1], -1, -1).gather(3, far[..., None])[..., 0]
        return ask @ keys.transpose(1, 2) / math.sqrt(ORDER) + pick(leaves).gather(2, far) + comes + bias.transpose(1, 2)

    def ordered(self, x, mask, at, there, word):
        """Minus the logarithms of the probabilities of the English words' places, summed, and how many they are.
        Ways back to a word that is done are left out."""
        last = F.pad(at, (1, -1))
        now = F.one_hot(last, x.shape[1]) > 0
        done = (now.cumsum(1) > 0) & ~now
        done[:, :, 0] = True
        logits = self.places(x, last, word).masked_fill(done | ~mask[:, None, :], -1e9)
        there = there & ~done.gather(2, at[:, :, None])[:, :, 0]
        p = torch.log_softmax(logits, 2).gather(2, at[:, :, None])[:, :, 0]
        return -p[there].sum(), there.sum()


def blur(words, to, share, rng):
    return np.where((rng.random(words.shape) < share) & (words > COMMON), to[words], words)


def batches(flat, begin, n, m, order, rng):
    size = 50000
    for lo in range(0, len(order), size):
        part = order[lo:lo + size]
        part = part[np.lexsort((m[part], n[part]))]
        cut, total = [0], 0
        for k, s in enumerate(part):
            total += int(m[s])
            if total >= BATCH:
                cut.append(k + 1)
                total = 0
        if cut[-1] < len(part):
            cut.append(len(part))
        cuts = list(zip(cut, cut[1:]))
        rng.shuffle(cuts)
        for a, b in cuts:
            yield part[a:b]


def tensors(flat, begin, n, m, rows, rng, blurred):
    src, smask = grid(flat, begin[rows], n[rows], 0)
    tgt, tmask = grid(flat, begin[rows] + n[rows], m[rows], 0)
    at, _ = grid(flat, begin[rows] + n[rows] + m[rows], m[rows], 0)
    at = np.minimum(at, n[rows][:, None] - 1)
    before = np.full(tgt.shape + (BEFORE,), NONE, dtype=np.int64)
    for k in range(1, min(BEFORE, tgt.shape[1]) + 1):
        before[:, k:, k - 1] = tgt[:, :-k]
        before[:, k - 1, k - 1] = START
    aligned = np.zeros(src.shape, dtype=np.float32)
    r, c = np.nonzero(tmask)
    aligned[r, at[r, c]] = 1
    before = before[r, c]
    if rng is not None:  # a part learns to do with less
        keep = np.where(rng.random(len(r)) < 0.2, rng.integers(0, BEFORE, len(r)), BEFORE)
        before = np.where(np.arange(BEFORE)[None, :] < keep[:, None], before, NONE)
        src, before = blur(src, blurred[0], BLUR, rng), blur(before, blurred[1], BLUR / 2, rng)
    t = torch.from_numpy
    word = np.full(tgt.shape, NONE, dtype=np.int64)
    word[r, c] = before[:, 0]
    places = (t(smask), t(at), t(tmask), t(word))
    return (t(src), t(smask.astype(np.float32))[:, :, None], t(r), t(at[r, c]), t(before), t(tgt[r, c]), t(aligned), places)


def log(*what):
    print(time.strftime("%H:%M:%S"), *what, flush=True)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("text")
    args.add_argument("out")
    args.add_argument("--words", type=float, default=40e6)
    args.add_argument("--first", type=int, default=0)
    args.add_argument("--times", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()
    out = args.out
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    rng = np.random.default_rng(1)
    flat, begin, n, m, blurred = read(args.text)
    log(len(n), "sentences", int(m.sum()), "words")
    order = rng.permutation(len(n))
    hold = min(1000, len(n) // 20 + 1)
    held, order = order[:hold], order[hold:]
    order = rng.permutation(np.concatenate([order] + [order[order < args.first]] * (args.times - 1)))
    counts = np.ones(NT)
    for s in rng.permutation(len(n))[:200000]:
        np.add.at(counts, flat[begin[s] + n[s]:begin[s] + n[s] + m[s]], 1)
    counts = torch.from_numpy(counts)
    noise = counts ** 0.75
    noise = noise / noise.sum()
    lq = torch.log(noise * NOISE).float()
    net = Joint(counts)
    adam = dict(lr=RATE, betas=(0.9, 0.98), eps=1e-8)
    try:
        opt = torch.optim.Adam(net.parameters(), fused=True, **adam)
    except (RuntimeError, TypeError):  # before PyTorch 2.4
        opt = torch.optim.Adam(net.parameters(), **adam)
    step, read_words, skip = 0, 0, 0
    if os.path.exists(out + ".pt"):
        state = torch.load(out + ".pt")
        net.load_state_dict(state["net"]), opt.load_state_dict(state["opt"])
        if state["of"] != [len(n), args.first, args.times]:
            raise SystemExit(f"{out}.pt learned another text, or with other shares: remove it to begin anew")
        step, read_words, skip = state["step"], state["words"], state["step"]
        log("goes on from step", step)
    shown, saved, loss_sum, words, seen = time.time(), time.time(), 0.0, 0, 0
    of = [len(n), args.first, args.times]
    while read_words < args.words and len(order):
        for rows in batches(flat, begin, n, m, order, rng):
            seen += 1
            if seen <= skip:
                continue
            torch.manual_seed(step)
            if read_words >= args.words:
                break
            rate = RATE * min(1, (step + 1) / WARM, 1.15 * (1 - read_words / args.words))
            for g in opt.param_groups:
                g["lr"] = rate
            src, smask, row, at, before, tgt, aligned, places = tensors(flat, begin, n, m, rows, np.random.default_rng([1, step]), blurred)
            x = net.encode(src, smask)
            h = net.hidden(x, row, at, before)
            fake = torch.multinomial(noise, NOISE, replacement=True)
            pos = (h * net.out[tgt]).sum(1) + net.outb[tgt] - lq[tgt]
            neg = h @ net.out[fake].T + (net.outb[fake] - lq[fake])
            nce = F.softplus(-pos).sum() + F.softplus(neg).sum()
            dropped = F.binary_cross_entropy_with_logits((x @ net.drop + net.dropb)[:, :, 0], aligned, weight=smask[:, :, 0], reduction="sum")
            loss = (nce + 0.5 * dropped + net.ordered(x, *places)[0]) / len(tgt)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            step += 1
            loss_sum += nce.item()
            words += len(tgt)
            read_words += len(tgt)
            if step % 50 == 0:
                log(f"step {step}, {read_words / 1e6:.2f} million words, loss {loss_sum / words:.4f}, {words / (time.time() - shown):.0f} words/s")
                shown, loss_sum, words = time.time(), 0.0, 0
            if time.time() - saved > 300:
                save(net, opt, step, read_words, of, out)
                log("held out:", held_out(net, flat, begin, n, m, held))
                saved = time.time()
        order = rng.permutation(order)
    save(net, opt, step, read_words, of, out)
    log("held out:", held_out(net, flat, begin, n, m, held))


def save(net, opt, step, read_words, of, out):
    torch.save({"net": net.state_dict(), "opt": opt.state_dict(), "step": step, "words": read_words, "of": of}, out + ".tmp")
    os.replace(out + ".tmp", out + ".pt")
    export(net, out)


@torch.no_grad()
def held_out(net, flat, begin, n, m, held):
    own = true = zs = zz = bare = order = 0.0
    words = places_seen = 0
    for rows in np.array_split(held, min(20, len(held))):
        src, smask, row, at, before, tgt, _, places = tensors(flat, begin, n, m, rows, None, None)
        x = net.encode(src, smask)
        lost, there = net.ordered(x, *places)
        order += float(lost); places_seen += int(there)
        for mask in (False, True):
            if mask:
                before = torch.full_like(before, NONE)
            s = net.hidden(x, row, at, before) @ net.out.T + net.outb
            z = torch.logsumexp(s, 1)
            p = s[torch.arange(len(tgt)), tgt]
            if mask:
                bare += float((p - z).sum())
            else:
                own += float(p.sum()); true += float((p - z).sum()); zs += float(z.sum()); zz += float((z * z).sum()); words += len(tgt)
    return json.dumps(dict(raw=own / words, normalised=true / words, z=zs / words, zdev=math.sqrt(zz / words - (zs / words) ** 2), bare=bare / words, order=-order / places_seen))


@torch.no_grad()
def export(net, out):
    """Tensors in the order of joint.go: bytes with a scale a row, or numbers of 4 bytes."""
    def rows(x):
        scale = x.abs().amax(1).clamp_min(1e-8) / 127
        return scale.numpy().astype("<f4").tobytes() + torch.round(x / scale[:, None]).to(torch.int8).numpy().tobytes()
    with open(out + ".new", "wb") as f:
        f.write(struct.pack("<7I", NS, NT, DIM, WORD, BEFORE, len(DILATIONS), ORDER))
        f.write(struct.pack(f"<{len(DILATIONS)}I", *DILATIONS))
        f.write(rows(net.source))
        for w, b in zip(net.conv, net.convb):
            f.write(rows(w.T.contiguous()) + b.numpy().astype("<f4").tobytes())
        f.write(rows(net.reach.T.contiguous()) + net.bias.numpy().astype("<f4").tobytes())
        f.write(rows(net.word))
        f.write(rows(net.history.T.contiguous()))
        f.write(rows(net.out) + net.outb.numpy().astype("<f4").tobytes())
        f.write(net.drop[:, 0].numpy().astype("<f4").tobytes() + net.dropb.numpy().astype("<f4").tobytes())
        f.write(rows(net.order.T.contiguous()) + net.orderb.numpy().astype("<f4").tobytes())
        f.write(rows(net.orderword.T.contiguous()))
    os.replace(out + ".new", out)


if __name__ == "__main__":
    main()
