-- Numbers say what an entry replaces: one index of them is a third of the
-- size of the text that said it before, and finds exact matches too. Only
-- sources with numbers have a key without them. Identities are never used again.
-- +goose Up
CREATE TABLE kept (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  hash       BIGINT NOT NULL,        -- of language pair and normalised source
  loose      BIGINT NOT NULL,        -- the same with numbers as placeables, 0 without numbers
  previous   BIGINT NOT NULL,        -- hashes of the neighbouring sources, 0 for none
  next       BIGINT NOT NULL,
  maker      BIGINT NOT NULL,        -- hash of kind, backend, model, settings and glossary; one for all editors
  form       BIGINT NOT NULL,        -- hash of an engine's source as it was typed, 0 for an editor's
  src_lang   TEXT NOT NULL,
  trg_lang   TEXT NOT NULL,
  source     TEXT NOT NULL,
  target     TEXT NOT NULL,
  kind       TEXT NOT NULL,          -- machine, human
  backend    TEXT NOT NULL,
  model      TEXT NOT NULL,
  settings   TEXT NOT NULL,
  glossary   TEXT NOT NULL,
  state      TEXT NOT NULL,
  author     TEXT NOT NULL,
  document   TEXT NOT NULL,
  note       TEXT NOT NULL,          -- of an imported unit
  detail     TEXT NOT NULL,          -- score, alignment, findings: JSON or empty
  changed    BIGINT NOT NULL,        -- Unix seconds
  uses       BIGINT NOT NULL DEFAULT 0,
  UNIQUE (hash, previous, next, maker, form)
);
INSERT INTO kept SELECT id, hash, CASE WHEN source GLOB '*[0-9]*' THEN loose ELSE 0 END, previous, next,
    (WITH RECURSIVE digits (at, n) AS (SELECT 49, 0 UNION ALL
       SELECT at + 1, (n << 4) | (instr('0123456789abcdef', substr(slot, at, 1)) - 1) FROM digits WHERE at < 65)
     SELECT n FROM digits WHERE at = 65), 0,
    src_lang, trg_lang, source, target, kind, backend, model, settings, glossary, state, author, document, note, detail, changed, uses
  FROM entries ORDER BY id;
DELETE FROM postings; -- they are made anew, in a new form
DROP TABLE entries;
ALTER TABLE kept RENAME TO entries;
CREATE INDEX entries_loose ON entries (loose) WHERE loose <> 0;

