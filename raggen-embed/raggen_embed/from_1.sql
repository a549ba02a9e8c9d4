-- Version 1 → 2: vectors of several models, tokens, 4-grams. All of these are made from the texts, at the next
-- start of the index, so nothing has to be carried over.
DROP TABLE vectors;
DROP TABLE terms;
DROP TABLE models;
UPDATE meta SET value = 0 WHERE key = 'analysis';
