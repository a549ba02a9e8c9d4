-- Version 2 → 3: tokens apart from vectors, so that a start reads the ones without the others; which models answer.
ALTER TABLE vectors RENAME TO together;
CREATE TABLE vectors (key INTEGER PRIMARY KEY, start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL)
  STRICT;
CREATE TABLE tokens (key INTEGER PRIMARY KEY, ids BLOB NOT NULL, bits BLOB NOT NULL) STRICT;
INSERT INTO vectors SELECT key, start, stop, vector FROM together ORDER BY key;
INSERT INTO tokens SELECT key, ids, bits FROM together WHERE length(bits) > 0 ORDER BY key;
DROP TABLE together;
ALTER TABLE models RENAME TO former;
CREATE TABLE models (
  model INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO models SELECT model, role, name, name, fingerprint, 1 FROM former;
DROP TABLE former;
