"""Tests of the recipe's modules; recipe_test.go runs them, and the whole recipe with the engine."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
import torch

import align
import augment
import corpus
import data
import evaluate
import export
import model as m
import polish
import train
import typography
import vocabulary
from overlap import Overlap

HERE = Path(__file__).parent
TOOLS = HERE.parents[2].parent / "shared/engine/tools"
SMALL = m.Shape(vocab=640, dim=64, ffn=128, heads=2, encoder=2, decoder=2)


@pytest.fixture(scope="session")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shard of the test pairs."""
    folder = tmp_path_factory.mktemp("text")
    rows = (HERE / "testdata/tatoeba.tsv").read_text(encoding="utf-8").splitlines()[:600]
    (folder / "shard-00.tsv").write_text("".join(f"1\t{r}\n" for r in rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def vocab(text: Path) -> Path:
    file = text / "vocab.spm"
    vocabulary.main(["--text", str(text), "--out", str(file), "--pieces", "640"])
    return file


@pytest.fixture(scope="session")
def pieces(vocab: Path) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(vocab))


def some_batches(text: Path, pieces: object, tokens: int = 300) -> list[data.Batch]:
    return data.Chunks(data.Text.load(data.shards(text)), None, pieces, data.Packing(pairs=600, tokens=tokens))[0]


@pytest.mark.parametrize("given, want", [
    ("The organisation of programmes, towards the centre", "The organization of programs, toward the center"),
    ("exercise, advise, promise, surprise, analyses, honourable, humorous", "exercise, advise, promise, surprise, analyses, honorable, humorous"),
    ("Mr Blair and Mrs May", "Mr. Blair and Mrs. May"),
    ("‘Yes’, said the people’s ‘choice’", '"Yes", said the people\'s "choice"'),
    ("It isn't 'free' of charge", 'It isn\'t "free" of charge'),
    ("240 000 people, 10 per cent", "240,000 people, 10%"),
    ("at 7.20 p.m. on 3rd May 1999", "at 7:20 p.m. on May 3, 1999"),
    ("in 1999 and 2 000", "in 1999 and 2,000"),
])  # fmt: skip
def test_english_has_one_convention(given: str, want: str) -> None:
    assert typography.english(given) == want


@pytest.mark.parametrize("given, want", [
    ("« Bonjour », dit-il", "«Bonjour», dit-il"),
    ("“Bonjour”, dit-il à l’ami", "«Bonjour», dit-il à l'ami"),
    ('le "oui" et le "non"', "le «oui» et le «non»"),
])  # fmt: skip
def test_french_has_one_convention(given: str, want: str) -> None:
    assert typography.french(given) == want


def test_quotation_marks_stand_on_both_sides_or_neither() -> None:
    assert typography.quoted(("le «oui»", 'the "yes"')) == ("le «oui»", 'the "yes"')
    assert typography.quoted(("le «oui»", "the yes")) == ("le oui", "the yes")
    assert typography.quoted(("le oui", 'the "yes"')) == ("le oui", "the yes")
    assert typography.quoted(("«a» et «b»", '"a" and b')) is None
    for seed in range(40):
        fr, en = typography.dress(("Il dit «oui» à 240 000 gens: 3 %", 'He says "yes" to 240,000 people: 3%'), random.Random(seed))
        assert en == 'He says " yes" to 240,000 people: 3%'
        assert "« oui »" in fr


@pytest.mark.parametrize("french, english, want", [
    ("par écrit. – Je vote pour.", "in writing. - I am voting for.", ("Je vote pour.", "I am voting for.")),
    ("(PT) Je vote pour.", "(PT) I am voting for.", ("Je vote pour.", "I am voting for.")),
    ("la technique qu'ils appellent «».", "the technique that they call it.", None),
    ("En 1979, rien.", "In 2011, nothing.", None),
    ("Vraiment ?", "Really so.", None),
    ("Oui.", "Yes, and here follows a great deal of other text.", None),
])  # fmt: skip
def test_clean(french: str, english: str, want: tuple[str, str] | None) -> None:
    assert corpus.clean(french, english) == want


def test_rare_words_weigh_in_the_bulk_alone() -> None:
    common = [(0.5, "europarl", "le vote est clos", "x")] * 400
    rare = [(0.5, "europarl", f"la belette hirsute mordille {i}", "x") for i in range(3)]
    news = [(3.0, "press", "le vote", "x")]
    out = corpus.by_rarity(common + rare + news, random.Random(1))
    assert [w for w, f, _ in out if "belette" in f] == [0.75] * 3
    assert [w for w, f, _ in out if f == "le vote"] == [3.0]
    clos = [w for w, f, _ in out if f.endswith("clos")]
    assert set(clos) == {corpus._LEAST} and 150 < len(clos) < 250  # 400 pairs of weight 0.3 are half as many of 0.6


def test_bad_corpus_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("a\tb\nonly one\n")
    with pytest.raises(ValueError, match=r"x\.tsv:2: 1 columns"):
        list(corpus.pairs(tmp_path / "x.tsv"))


def test_overlap_with_evaluation_text(tmp_path: Path) -> None:
    (tmp_path / "dev").write_text("The pilot was identified as Squadron Leader Dilokrit Pattavee today.\nHe said no, twice.\n")
    overlap = Overlap([tmp_path / "dev"])
    assert "yesterday THE PILOT, was identified as squadron leader Dilokrit" in overlap
    assert "He said no: twice" in overlap
    assert "The pilot was identified as a leader of the squadron" not in overlap


def test_augmentation_is_reproducible_and_consistent() -> None:
    rows = [r.split("\t") for r in (HERE / "testdata/tatoeba.tsv").read_text(encoding="utf-8").splitlines()]
    pairs = [(typography.french(f), typography.english(e)) for f, e in rows]
    words = {"chien": ["dog"], "livre": ["book"], "maison": ["house"], "Tom": ["Tom"], "temps": ["time"]}
    rates = augment.Rates(join=0.2, speech=0.1, dateline=0.1, upper=0.05, term=0.3, ellipsis=0.05, placeholder=0.1)
    make = augment.Augmenter(rates, words)
    out = make(pairs, random.Random(7))
    assert out == make(pairs, random.Random(7)) != make(pairs, random.Random(8))
    seen = dict.fromkeys(("(AFP)", "__source__", "(...)", "⟦", '"'), 0)
    for fr, en in out:
        for mark in seen:
            seen[mark] += mark in en or mark in fr
        assert ("(...)" in fr) == ("(...)" in en) and ("(AFP)" in fr) == ("(AFP)" in en)
        if "__source__" in fr:
            required = fr.split("__target__ ")[1].split(" __done__")[0]
            assert required in en and "__" not in en
        if fr.isupper():
            assert en == en.upper()
    assert all(seen.values()), seen


def test_spaces_of_french_typography_are_one_to_the_vocabulary(pieces: sentencepiece.SentencePieceProcessor) -> None:
    assert [pieces.id_to_piece(i) for i in range(8)] == ["</s>", "<unk>", *vocabulary.SYMBOLS.split(","), "<0x00>"]
    forms = [f"«{s}Tom{s}»{s}: 3{s}%" for s in (" ", "\u00a0", "\u202f", "\u2009")]
    assert len({tuple(pieces.encode(f)) for f in forms}) == 1
    assert pieces.encode("__source__ Tom __target__ Mary __done__").count(2) == 1


def test_recurrence_and_its_gradient() -> None:
    f, u = torch.rand(3, 37, 8), torch.randn(3, 37, 8)
    want, state = [], torch.zeros(3, 8)
    for t in range(37):
        state = f[:, t] * state + u[:, t]
        want.append(state)
    torch.testing.assert_close(m.by_loop(f, u), torch.stack(want, 1))
    torch.testing.assert_close(m.by_doubling(f, u), torch.stack(want, 1))
    small = [torch.rand(1, 5, 3, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    assert torch.autograd.gradcheck(m._Scan.apply, small)


def test_greedy_search_follows_the_trained_function() -> None:
    torch.manual_seed(1)
    net = m.Marian(SMALL).eval()
    source = torch.randint(300, 640, (3, 7))
    source[:, -1] = 0
    length = torch.full((3,), 7)
    found, _ = net.greedy(source, length, 1.5)
    for i, ids in enumerate(found):
        target = torch.tensor([ids + [0]])
        out, attention = net(source[i : i + 1], length[:1], target)
        logits = net.logits(out)[0]
        logits[:, m.UNK] = -torch.inf
        assert logits.argmax(-1).tolist()[: len(ids)] == ids
        torch.testing.assert_close(attention.sum(-1), torch.ones(1, len(ids) + 1))


def test_padding_changes_nothing() -> None:
    torch.manual_seed(1)
    net = m.Marian(SMALL).eval()
    a, b = [300, 301, 302, 0], [400, 401, 402, 403, 404, 405, 0]
    alone, both = data.pad([(a, a)]), data.pad([(a, a), (b, b)])
    x, _ = net(alone.source, alone.source_length, alone.target)
    y, _ = net(both.source, both.source_length, both.target)
    torch.testing.assert_close(x[0], y[0, :4], atol=1e-5, rtol=1e-5)


def test_alignment_learns_a_dictionary(text: Path, pieces: sentencepiece.SentencePieceProcessor) -> None:
    rng, rows = random.Random(1), []
    for _ in range(400):
        words = rng.sample(range(300, 330), 6)
        rows.append((words + [0], [w + 100 for w in words] + [0]))
    tables = align.learn([data.pad(rows[i : i + 50]) for i in range(0, 400, 50)], 640)
    assert all(int(tables.forward[w].argmax()) == w + 100 for w in range(300, 330))
    soft, trust = tables.soft(data.pad(rows[:5]))
    assert torch.equal(soft.argmax(-1), torch.arange(7).expand(5, 7))
    torch.testing.assert_close(soft.sum(-1), torch.ones(5, 7))
    assert float(trust.min()) > 0.5
    near = align.embeddings(tables, 32)
    similarity = near[300:330] @ near[400:430].t()
    assert torch.equal(similarity.argmax(1), torch.arange(30))
    tables.save(text / "tables.pt")
    torch.testing.assert_close(align.Tables.load(text / "tables.pt").forward[300:330].argmax(1), torch.arange(400, 430))


def test_batches_keep_every_pair_and_the_limit(text: Path, pieces: sentencepiece.SentencePieceProcessor) -> None:
    batches = some_batches(text, pieces)
    assert sum(len(b.source) for b in batches) == 600
    assert all(max(b.source.numel(), b.target.numel()) <= 300 for b in batches)
    again = some_batches(text, pieces)
    assert all(torch.equal(a.source, b.source) for a, b in zip(batches, again))


def configured(tmp_path: Path, text: Path, vocab: Path, out: str, steps: int) -> None:
    (tmp_path / "c.json").write_text(json.dumps({
        "dim": 64, "ffn": 128, "heads": 2, "encoder": 1, "decoder": 1, "dropout": 0.1, "warmup": 3, "decay": "sqrt", "tokens": 500,
        "chunk": 100, "dictionary": False,
    }))  # fmt: skip
    train.main(["--config", str(tmp_path / "c.json"), "--text", str(text), "--vocab", str(vocab), "--out", str(tmp_path / out),
                "--steps", str(steps), "--workers", "0", "--device", "cpu", "--no-bf16", "--threads", "1"])  # fmt: skip


def test_resumed_training_is_the_same_training(tmp_path: Path, text: Path, vocab: Path) -> None:
    configured(tmp_path, text, vocab, "whole", 9)
    configured(tmp_path, text, vocab, "parts", 4)
    configured(tmp_path, text, vocab, "parts", 9)
    a, b = (m.read(tmp_path / x / "state.pt") for x in ("whole", "parts"))
    assert a["step"] == b["step"] == 9 and a["place"] == b["place"] and a["tokens"] == b["tokens"]
    for name in a["model"]:
        assert torch.equal(a["model"][name], b["model"][name]), name
        assert torch.equal(a["average"][name], b["average"][name]), name


def test_text_that_comes_late_and_int8_within_the_run(tmp_path: Path, text: Path, vocab: Path) -> None:
    """A shard that appears, the late weights and rounding all begin while the training runs."""
    folder = tmp_path / "text"
    folder.mkdir()
    rows = (text / "shard-00.tsv").read_bytes()
    (folder / "shard-00.tsv").write_bytes(rows)
    (tmp_path / "c.json").write_text(json.dumps({
        "dim": 64, "ffn": 128, "heads": 2, "encoder": 1, "decoder": 1, "warmup": 3, "tokens": 500, "chunk": 50, "dictionary": False,
        "late": 0.4, "quantise": 0.7,
    }))  # fmt: skip
    run = train.Run(train.arguments(["--config", str(tmp_path / "c.json"), "--text", str(folder), "--vocab", str(vocab), "--out",
                                     str(tmp_path / "run"), "--steps", "20", "--workers", "0", "--device", "cpu", "--no-bf16", "--calibration", "2"]))  # fmt: skip
    (folder / "more.tsv").write_bytes(rows)
    data.Text.load([folder / "more.tsv"]).pack(folder / "shard-01.npz")
    run.go()
    events = [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]
    texts = [(e["pairs"], e["power"]) for e in events if e.get("event") == "text"]
    assert texts == [(600, 1), (1200, 1), (1200, 1.75)]
    assert any(e.get("event") == "int8 from here on" for e in events)
    assert evaluate.load(tmp_path / "run/average.pt").quantise is not None


def test_polish_goes_on_from_a_model(tmp_path: Path, text: Path, vocab: Path) -> None:
    configured(tmp_path, text, vocab, "run", 4)
    tables = align.learn(some_batches(text, sentencepiece.SentencePieceProcessor(model_file=str(vocab))), 640, 1)
    tables.save(tmp_path / "tables.pt")
    polish.main(["--model", str(tmp_path / "run/average.pt"), "--text", str(text), "--vocab", str(vocab), "--tables", str(tmp_path / "tables.pt"),
                 "--out", str(tmp_path / "polished.pt"), "--minutes", "0.03", "--tokens", "500", "--step", "500", "--workers", "0", "--no-bf16"])  # fmt: skip
    before, after = (m.read(tmp_path / x, "cpu")["model"] for x in ("run/average.pt", "polished.pt"))
    assert before.keys() == after.keys() and any(not torch.equal(before[n], after[n]) for n in before)


def test_training_begins_from_a_model_of_the_engine(tmp_path: Path, text: Path, vocab: Path) -> None:
    configured(tmp_path, text, vocab, "run", 4)
    kept = m.read(tmp_path / "run/average.pt", "cpu")
    weights = {n.removeprefix("p."): w.numpy() for n, w in kept["model"].items()}
    shape = m.Shape(**kept["shape"])
    for alphas in (None, {n: 20.0 for n in weights if m.is_matrix(n)}):
        export.write_model(tmp_path / "model.bin", export.items(weights, shape, alphas))
        back = export.read_model(tmp_path / "model.bin")
        for name, w in weights.items():
            step = abs(w).max() / 127 if alphas and m.is_matrix(name) else 0
            np.testing.assert_allclose(back[name].reshape(w.shape), w, atol=0.51 * step)
    run = train.Run(train.arguments(["--config", str(tmp_path / "c.json"), "--text", str(text), "--vocab", str(vocab), "--out", str(tmp_path / "next"),
                                     "--init", str(tmp_path / "model.bin"), "--steps", "1", "--workers", "0", "--device", "cpu"]))  # fmt: skip
    torch.testing.assert_close(run.average.weights["p.Wemb"], torch.from_numpy(back["Wemb"].copy()))


def test_unknown_setting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"dimension": 5}')
    with pytest.raises(SystemExit, match="unknown settings dimension"):
        train.configuration(tmp_path / "c.json")


def test_shape_the_engine_cannot_run_is_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 64"):
        replace(SMALL, dim=96)


@pytest.mark.skipif(not TOOLS.exists(), reason="no ../shared/engine/tools: the NumPy reference is not there")
def test_exported_files_are_the_reference_s(tmp_path: Path, text: Path, pieces: sentencepiece.SentencePieceProcessor) -> None:
    sys.path.insert(0, str(TOOLS))
    import marianfmt
    import ref

    torch.manual_seed(2)
    net = m.Marian(SMALL).eval()
    with torch.no_grad():
        for name, p in net.p.items():
            if not m.is_matrix(name):
                p.add_(0.1 * torch.randn_like(p))
    alphas = m.calibrate(net, some_batches(text, pieces, 200)[:10])
    weights = {n: p.detach().numpy() for n, p in net.p.items()}
    source = torch.randint(300, 640, (2, 9))
    source[:, -1] = 0
    target = torch.randint(300, 640, (2, 6))
    ids, mask = source.numpy(), np.ones(source.shape, np.float32)
    for mode in ("float", "exact"):
        file = tmp_path / "model.bin"
        export.write_model(file, export.items(weights, SMALL, alphas if mode == "exact" else None))
        params, yaml = marianfmt.load(str(file))
        assert "dim-emb: 64" in yaml
        reference = ref.Model(params, SMALL.dim, SMALL.heads, SMALL.encoder, SMALL.decoder, mode=mode)
        context, lm = reference.encode(ids, mask)
        state, previous, logits, rows = reference.start(context, lm), None, [], []
        for t in range(6):
            logits.append(reference.step(state, previous))
            rows.append(state["align"])
            previous = target[:, t].numpy()
        net.quantise = m.Fake(alphas) if mode == "exact" else None
        with torch.no_grad():
            out, attention = net(source, torch.full((2,), 9), target)
            mine = net.logits(out).numpy()
        limit = 2e-5 if mode == "float" else 0.05
        assert np.abs(mine - np.stack(logits, 1)).mean() < limit
        assert np.abs(attention.numpy() - np.stack(rows, 1)).mean() < limit
    lists = [[5, 3], [], [7]]
    export.write_shortlist(tmp_path / "lex.bin", lists, 50, 50)
    first, best, offsets, flat, ok = marianfmt.read_shortlist(str(tmp_path / "lex.bin"))
    assert (first, best, offsets.tolist(), flat.tolist(), ok) == (50, 50, [0, 2, 2, 3], [3, 5, 7], True)


def test_rounding_is_int8_s() -> None:
    fake = m.Fake({"x": 20.0})
    w = torch.randn(8, 8, requires_grad=True)
    q = fake.weight("x", w) * 127 / w.detach().abs().max()
    torch.testing.assert_close(q, q.round(), atol=1e-4, rtol=0)
    x = torch.tensor([0.0, 0.051, 6.4, -9.0], requires_grad=True)
    y = fake.input("x", x)
    torch.testing.assert_close(y, torch.tensor([0.0, 0.05, 6.35, -6.35]))
    y.sum().backward()
    assert x.grad.tolist() == [1, 1, 0, 0]


def test_numbers_and_quotes_kept() -> None:
    got = evaluate.kept(["« 240 000 » euros", "3,5 %", "le 5"], ['"240,000" euros', "3.5%", "the 6"])
    assert got == {"kept_numbers": 0.6667, "kept_quotes": 1.0}
