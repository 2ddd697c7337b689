-- +goose Up
CREATE TABLE entries (
  id         INTEGER PRIMARY KEY,
  hash       BIGINT NOT NULL,        -- of language pair and normalised source
  loose      BIGINT NOT NULL,        -- the same with numbers as placeables
  slot       TEXT NOT NULL UNIQUE,   -- what a new entry with the same value replaces
  src_lang   TEXT NOT NULL,
  trg_lang   TEXT NOT NULL,
  source     TEXT NOT NULL,
  target     TEXT NOT NULL,
  previous   BIGINT NOT NULL,        -- hashes of the neighbouring sources, 0 for none
  next       BIGINT NOT NULL,
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
  uses       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX entries_hash ON entries (hash);
CREATE INDEX entries_loose ON entries (loose);

-- The index for fuzzy matches: for each rare word of an entry's prefix the
-- entries that have it, in blocks that begin with the entry "first".
CREATE TABLE postings (
  word  BIGINT NOT NULL,
  first BIGINT NOT NULL,
  list  BLOB NOT NULL,
  PRIMARY KEY (word, first)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE postings;
DROP TABLE entries;
