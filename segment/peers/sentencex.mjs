// The sentencex peer: see main.go for input and output.
import { readFileSync, writeSync } from 'node:fs';
import { segment } from 'sentencex';
const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
let size = 0, best = Infinity, answers = [];
for (const l of lines) size += Buffer.byteLength(l.t);
for (let k = 0; k < 5; k++) {
  const start = process.hrtime.bigint();
  answers = lines.map((l) => segment('fr', l.t));
  best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
}
lines.forEach((l, i) => console.log(JSON.stringify({ i: l.i, s: answers[i] })));
writeSync(3, `${best} ${size}\n`);
