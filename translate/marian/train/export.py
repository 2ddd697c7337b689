"""Writes a checkpoint as the engine's files: Marian's binary model, the vocabulary and the shortlist.

usage: python export.py --model average.pt --vocab FILE --tables FILE --out DIR [--float]

OUT gets model.fren.intgemm.alphas.bin (int8, needs the alphas that quantize.py measured) or, with --float,
model.fren.bin (float32); vocab.fren.spm; lex.fren.s2t.bin. Formats: Marian's binary format version 1,
intgemm8 items stored transposed, one float32 quantisation factor behind each.
"""

from __future__ import annotations

import argparse
import shutil
import struct
from pathlib import Path

import numpy as np

import align
import evaluate
import model as m

_FLOAT32, _INT8, _INTGEMM8 = 0x0404, 0x0101, 0x4101
_SHORTLIST = 0xF11A48D5013417F5
Item = tuple[str, int, tuple[int, ...], bytes]


def options(shape: m.Shape) -> str:
    """The YAML text that a model file carries."""
    return f"""bert-train-type-embeddings: true
bert-type-vocab-size: 2
dec-cell: ssru
dec-cell-base-depth: 2
dec-cell-high-depth: 1
dec-depth: {shape.decoder}
depeche-terms: annotated
dim-emb: {shape.dim}
dim-rnn: 1024
dim-vocabs:
  - {shape.vocab}
  - {shape.vocab}
enc-cell: gru
enc-cell-depth: 1
enc-depth: {shape.encoder}
enc-type: bidirectional
input-types:
  []
layer-normalization: false
lemma-dim-emb: 0
output-omit-bias: false
right-left: false
skip: false
special-vocab:
  []
tied-embeddings: false
tied-embeddings-all: true
tied-embeddings-src: false
transformer-aan-activation: swish
transformer-aan-depth: 2
transformer-aan-nogate: false
transformer-decoder-autoreg: rnn
transformer-dim-aan: 2048
transformer-dim-ffn: {shape.ffn}
transformer-ffn-activation: relu
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-heads: {shape.heads}
transformer-no-projection: false
transformer-pool: false
transformer-postprocess: dan
transformer-postprocess-emb: d
transformer-postprocess-top: ""
transformer-preprocess: ""
transformer-tied-layers:
  []
transformer-train-position-embeddings: false
type: transformer
ulr: false
ulr-dim-emb: 0
ulr-trainable-transformation: false
version: depeche
"""


def _padded(raw: bytes) -> bytes:
    return raw + bytes(-len(raw) % 256)


def items(weights: dict[str, np.ndarray], shape: m.Shape, alphas: dict[str, float] | None) -> list[Item]:
    """The model file's items, sorted by name; matrices are int8 where there are alphas."""
    out: list[Item] = []
    for name, w in weights.items():
        w = np.ascontiguousarray(w, np.float32)
        if alphas is None or not m.is_matrix(name):
            out.append((name, _FLOAT32, w.shape, _padded(w.tobytes())))
            continue
        factor = np.float32(127) / np.abs(w).max()
        q = np.clip(np.rint((w if name == "Wemb" else w.T) * factor), -127, 127).astype(np.int8)
        out.append((name, _INTGEMM8, w.shape, _padded(np.ascontiguousarray(q).tobytes() + factor.astype("<f4").tobytes())))
    for name, alpha in (alphas or {}).items():
        raw = _padded(np.float32(alpha).tobytes())
        out.append((name + "_QuantMultA", _FLOAT32, (1, 1), raw))
        if name == "Wemb":
            out.append(("none_QuantMultA", _FLOAT32, (1, 1), raw))
    out.sort()
    yaml = options(shape).encode() + b"\0"
    return [*out, ("special:model.yml", _INT8, (len(yaml),), yaml)]


def write_model(path: Path, what: list[Item]) -> None:
    """Marian's binary format, version 1."""
    head = struct.pack("<QQ", 1, len(what))
    head += b"".join(struct.pack("<QQQQ", len(n) + 1, t, len(s), len(raw)) for n, t, s, raw in what)
    head += b"".join(n.encode() + b"\0" for n, *_ in what)
    head += b"".join(struct.pack(f"<{len(s)}i", *s) for _, _, s, _ in what)
    gap = ((len(head) + 8) // 256 + 1) * 256 - len(head) - 8
    path.write_bytes(head + struct.pack("<Q", gap) + bytes(gap) + b"".join(raw for *_, raw in what))


def read_model(path: Path) -> dict[str, np.ndarray]:
    """The float32 weights of a file that write_model wrote; int8 ones as what they stand for."""
    raw = path.read_bytes()
    version, n = struct.unpack_from("<QQ", raw)
    if version != 1:
        raise SystemExit(f"{path}: not Marian's binary format, version 1")
    heads = [struct.unpack_from("<QQQQ", raw, 16 + 32 * i) for i in range(n)]
    at = 16 + 32 * n
    names, shapes = [], []
    for length, *_ in heads:
        names.append(raw[at : at + length - 1].decode())
        at += length
    for _, _, rank, _ in heads:
        shapes.append(struct.unpack_from(f"<{rank}i", raw, at))
        at += 4 * rank
    at += 8 + struct.unpack_from("<Q", raw, at)[0]
    out = {}
    for name, shape, (_, kind, _, length) in zip(names, shapes, heads):
        size = int(np.prod(shape))
        if kind == _FLOAT32:
            out[name] = np.frombuffer(raw, np.float32, size, at).reshape(shape)
        elif kind == _INTGEMM8:
            q = np.frombuffer(raw, np.int8, size, at).astype(np.float32) / np.frombuffer(raw, "<f4", 1, at + size)
            out[name] = q.reshape(shape) if name == "Wemb" else q.reshape(shape[::-1]).T
        at += length
    return out


def write_shortlist(path: Path, lists: list[list[int]], first: int, best: int) -> None:
    """Marian's binary shortlist: for each source piece the ids of target pieces."""
    ends = np.cumsum([0] + [len(x) for x in lists]).astype("<u8")
    flat = np.array([t for x in lists for t in sorted(x)], "<u4")
    body = struct.pack("<QQQQ", first, best, len(ends), len(flat)) + ends.tobytes() + flat.tobytes()
    seed, mask = 0, (1 << 64) - 1
    for v in np.frombuffer(body[: len(body) // 8 * 8], "<u8").tolist():
        seed ^= (v + 0x9E3779B9 + ((seed << 6) & mask) + (seed >> 2)) & mask
    path.write_bytes(struct.pack("<QQ", _SHORTLIST, seed) + body)


def shortlist(tables: align.Tables, pieces: int, best: int = 50) -> list[list[int]]:
    """For each source piece the pieces that most probably translate it."""
    p = tables.forward.clone()
    p[:, 0] = 0
    values, ids = p[:pieces].topk(min(best, p.shape[1]), dim=1)
    return [[t for v, t in zip(vs, ts) if v > 1e-4] for vs, ts in zip(values.tolist(), ids.tolist())]


def main(argv: list[str] | None = None) -> None:
    import sentencepiece

    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--model", type=Path, required=True)
    args.add_argument("--vocab", type=Path, required=True)
    args.add_argument("--tables", type=Path)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--first", type=int, default=1200, help="the first pieces, the most frequent, are in every shortlist")
    args.add_argument("--float", action="store_true")
    a = args.parse_args(argv)
    kept = m.read(a.model, "cpu")
    net = evaluate.load(a.model)
    alphas = None if a.float else kept.get("alphas")
    if alphas is None and not a.float:
        raise SystemExit(f"{a.model}: no alphas: run quantize.py, or export with --float")
    a.out.mkdir(parents=True, exist_ok=True)
    weights = {n: p.detach().numpy() for n, p in net.p.items()}
    name = "model.fren.bin" if a.float else "model.fren.intgemm.alphas.bin"
    write_model(a.out / name, items(weights, net.shape, alphas))
    shutil.copyfile(a.vocab, a.out / "vocab.fren.spm")
    if a.tables:
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(a.vocab)).get_piece_size()
        write_shortlist(a.out / "lex.fren.s2t.bin", shortlist(align.Tables.load(a.tables), pieces), a.first, 50)
    for f in sorted(a.out.iterdir()):
        print(f"{f.stat().st_size:>10} {f}")


if __name__ == "__main__":
    main()
