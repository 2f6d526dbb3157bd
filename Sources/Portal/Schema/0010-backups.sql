-- Restores that somebody has tried: a backup nobody has restored is a hope.
CREATE TABLE restore_tests (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  site      TEXT    NOT NULL,
  what      TEXT    NOT NULL CHECK (length(what) BETWEEN 1 AND 255),
  worked    INTEGER NOT NULL CHECK (worked IN (0, 1)),
  note      TEXT    NOT NULL CHECK (length(note) BETWEEN 1 AND 2000),
  at        INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id)
) STRICT;
CREATE INDEX restore_tests_by_time ON restore_tests (site, at);
