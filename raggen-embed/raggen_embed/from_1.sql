-- Version 1 → 2: vectors of several models, tokens, 4-grams. All of these are made from the texts, at the next
-- start of the index, so nothing has to be carried over.
DROP TABLE vectors;
DROP TABLE terms;
DROP TABLE models;
CREATE TABLE vectors (
  key INTEGER PRIMARY KEY, start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL, ids BLOB NOT NULL,
  bits BLOB NOT NULL
) STRICT;
CREATE TABLE models (
  model INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE
) STRICT;
UPDATE meta SET value = 0 WHERE key = 'analysis';
