"""The pySBD peer: see main.go for input and output."""
import json, os, sys, time
import pysbd

lines = [json.loads(l) for l in sys.stdin]
splitter = pysbd.Segmenter(language="fr", clean=False)
start = time.perf_counter()
answers = [splitter.segment(l["t"]) for l in lines]
took = time.perf_counter() - start
for l, a in zip(lines, answers):
    print(json.dumps({"i": l["i"], "s": a}, ensure_ascii=False))
os.write(3, f"{took} {sum(len(l['t'].encode()) for l in lines)}\n".encode())
