-- A file of version 3 as version 2 would have written it.
CREATE TABLE together (
  key INTEGER PRIMARY KEY, start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL, ids BLOB NOT NULL,
  bits BLOB NOT NULL
) STRICT;
INSERT INTO together SELECT v.key, start, stop, vector, coalesce(ids, x''), coalesce(bits, x'')
  FROM vectors AS v LEFT JOIN tokens AS t ON t.key = v.key;
DROP TABLE vectors;
DROP TABLE tokens;
ALTER TABLE together RENAME TO vectors;
CREATE TABLE before (
  model INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO before SELECT model, role, name, fingerprint FROM models;
DROP TABLE models;
ALTER TABLE before RENAME TO models;
DROP INDEX items_of_owner;
DELETE FROM meta WHERE key = 'identity';
PRAGMA user_version = 2;
