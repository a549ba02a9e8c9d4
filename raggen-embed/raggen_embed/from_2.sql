-- Version 2 → 3: tokens apart from vectors, so that a start reads the ones without the others; which models answer.
ALTER TABLE vectors RENAME TO together;
CREATE TABLE vectors (key INTEGER PRIMARY KEY, start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL)
  STRICT;
CREATE TABLE tokens (key INTEGER PRIMARY KEY, ids BLOB NOT NULL, bits BLOB NOT NULL) STRICT;
INSERT INTO vectors SELECT key, start, stop, vector FROM together ORDER BY key;
INSERT INTO tokens SELECT key, ids, bits FROM together WHERE length(bits) > 0 ORDER BY key;
DROP TABLE together;
ALTER TABLE models ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
UPDATE models SET place = name;
