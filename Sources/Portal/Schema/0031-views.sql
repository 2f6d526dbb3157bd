-- The pages that a person opened last. Private, few, and no part of the log.
CREATE TABLE recently_seen (
  person_id INTEGER NOT NULL REFERENCES people (id),
  page      TEXT    NOT NULL,
  seen_at   INTEGER NOT NULL,
  PRIMARY KEY (person_id, page)
) STRICT, WITHOUT ROWID;

-- Filters of a list that a person keeps under a name.
CREATE TABLE saved_views (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people (id),
  list      TEXT    NOT NULL CHECK (list IN ('changes', 'audit')),
  name      TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  query     TEXT    NOT NULL,
  UNIQUE (person_id, list, name)
) STRICT;
