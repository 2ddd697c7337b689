-- The index for fuzzy matches has a row for each word, maker and block of
-- 16,384 entries, of which the list grows; entries that are not in it yet are
-- noted. Other makers' entries with other numbers are found without a look at
-- the asking one's.
-- +goose Up
DROP TABLE postings;
CREATE TABLE postings (
  word  BIGINT NOT NULL, -- hash
  maker BIGINT NOT NULL, -- tag, 0 for editors
  block BIGINT NOT NULL, -- identity of an entry without its last 14 bits
  list  BYTEA NOT NULL,  -- for each entry two bytes with these and one with its number of words
  PRIMARY KEY (word, maker, block)
);
CREATE TABLE unindexed (
  first BIGINT PRIMARY KEY,
  last  BIGINT NOT NULL
);
INSERT INTO unindexed (first, last) SELECT MIN(id), MAX(id) FROM entries HAVING COUNT(*) > 0;
DROP INDEX entries_loose;
CREATE INDEX entries_loose ON entries (loose, maker) WHERE loose <> 0;
