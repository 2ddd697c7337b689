-- Numbers say what an entry replaces: one index of them is a third of the
-- size of the text that said it before, and finds exact matches too. Only
-- sources with numbers have a key without them.
-- +goose Up
ALTER TABLE entries ADD COLUMN maker BIGINT; -- hash of kind, backend, model, settings and glossary; one for all editors
ALTER TABLE entries ADD COLUMN form BIGINT NOT NULL DEFAULT 0; -- hash of an engine's source as it was typed, 0 for an editor's
UPDATE entries SET maker = ('x' || substr(slot, 49))::bit(64)::bigint, loose = CASE WHEN source ~ '[0-9]' THEN loose ELSE 0 END;
ALTER TABLE entries ALTER COLUMN maker SET NOT NULL;
ALTER TABLE entries DROP COLUMN slot;
ALTER TABLE entries ADD UNIQUE (hash, previous, next, maker, form);
DROP INDEX entries_hash;
DROP INDEX entries_loose;
CREATE INDEX entries_loose ON entries (loose) WHERE loose <> 0;
DELETE FROM postings; -- they are made anew, in a new form

