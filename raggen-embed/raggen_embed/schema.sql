-- The truth of raggen-embed. The indexes in memory are made from it at start. Run again after a migration has
-- dropped tables: it makes what is missing.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
-- "identity" tells this file from others, to which a snapshot of an index might belong.
INSERT OR IGNORE INTO meta VALUES ('generation', 0), ('analysis', 0), ('identity', abs(random() / 2));

-- Several models live side by side; "role" is what a model is for: main or multilingual. Searches ask the active ones;
-- another one of the same role is being filled, or has been replaced and not yet been dropped. "place" is a name
-- or a directory, from which it is loaded.
CREATE TABLE IF NOT EXISTS models (
  model INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS items (
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

-- What an owner's index is made of, and whether it is, without reading texts.
CREATE INDEX IF NOT EXISTS items_of_owner ON items (owner, sequence);

-- Apart from the text, so that reading all vectors at start does not read all texts.
-- key = model << 56 | row << 16 | window: a model's vectors are a range, and so are an item's of one model.
CREATE TABLE IF NOT EXISTS vectors (
  key INTEGER PRIMARY KEY,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  vector BLOB NOT NULL -- float32, little endian, a unit vector
) STRICT;

-- The tokens of the same windows, where the late lane wants them. A search reads those of some hundred windows.
CREATE TABLE IF NOT EXISTS tokens (
  key INTEGER PRIMARY KEY,
  ids BLOB NOT NULL, -- int32
  bits BLOB NOT NULL -- their vectors' signs, dimensions/8 bytes each
) STRICT;

-- The script of an item, the share of its sentences that asks, and its terms: 63-bit keys (int64, sorted) and how
-- often each occurs (int32).
CREATE TABLE IF NOT EXISTS terms (
  row INTEGER PRIMARY KEY, script TEXT NOT NULL, asking REAL NOT NULL,
  words BLOB NOT NULL, word_counts BLOB NOT NULL,
  grams BLOB NOT NULL, gram_counts BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS tombstones (
  owner TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
