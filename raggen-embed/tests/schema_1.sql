-- The truth of raggen-embed. The indexes in memory are made from it at start.
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES ('generation', 0), ('analysis', 0);

CREATE TABLE models (model INTEGER PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE items (
  row INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  sequence INTEGER NOT NULL, -- the generation that wrote this version
  collection TEXT NOT NULL,
  conversation TEXT,
  session TEXT,
  seq INTEGER,
  speaker TEXT,
  timestamp TEXT,
  language TEXT,
  parent TEXT,
  metadata TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (owner, id)
) STRICT;

-- Apart from the text, so that reading all vectors at start does not read all texts.
-- key = row * 65536 + window: an item's windows are a range, and no second index is needed.
CREATE TABLE vectors (
  key INTEGER PRIMARY KEY,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  model INTEGER NOT NULL REFERENCES models,
  vector BLOB NOT NULL -- float32, little endian, a unit vector
) STRICT;

-- The terms of an item: 63-bit keys (int64) and how often each occurs (int32, in halves).
CREATE TABLE terms (row INTEGER PRIMARY KEY, keys BLOB NOT NULL, counts BLOB NOT NULL) STRICT;

CREATE TABLE tombstones (
  owner TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
