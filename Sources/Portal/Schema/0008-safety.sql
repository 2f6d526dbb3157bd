-- Every policy that ever applied; the last one does. Missing or out of bounds refuses to load.
CREATE TABLE policies (
  number   INTEGER PRIMARY KEY,
  settings BLOB    NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

CREATE TABLE freezes (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  begins_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL CHECK (ends_at > begins_at),
  reason     TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  exceptions TEXT    NOT NULL,
  set_by     INTEGER NOT NULL REFERENCES people (id),
  set_at     INTEGER NOT NULL,
  lifted_at  INTEGER
) STRICT;

CREATE TABLE emergencies (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id   INTEGER NOT NULL REFERENCES people (id),
  reason      TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  opened_at   INTEGER NOT NULL,
  reviewer_id INTEGER REFERENCES people (id) CHECK (reviewer_id <> person_id),
  reviewed_at INTEGER,
  note        TEXT,
  CHECK ((reviewer_id IS NULL) = (reviewed_at IS NULL))
) STRICT;

-- Accounts elsewhere. Two people who hold the same one are one human.
CREATE TABLE identities (
  person_id INTEGER NOT NULL REFERENCES people (id),
  account   TEXT    NOT NULL CHECK (length(account) BETWEEN 3 AND 200),
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, account)
) STRICT, WITHOUT ROWID;

-- When somebody last added, promoted or gave a password to a person.
CREATE TABLE ties (
  person_id INTEGER NOT NULL REFERENCES people (id),
  by_id     INTEGER NOT NULL REFERENCES people (id),
  at        INTEGER NOT NULL,
  PRIMARY KEY (person_id, by_id)
) STRICT, WITHOUT ROWID;

-- Changes to come: a kind and its form, to be previewed and proposed by somebody.
CREATE TABLE drafts (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  kind     TEXT    NOT NULL,
  form     TEXT    NOT NULL,
  title    TEXT    NOT NULL,
  origin   INTEGER REFERENCES changes (number),
  made_by  INTEGER REFERENCES people (id),
  made_at  INTEGER NOT NULL,
  ended_at INTEGER,
  used_by  INTEGER REFERENCES changes (number)
) STRICT;
CREATE INDEX drafts_open ON drafts (number) WHERE ended_at IS NULL;

CREATE TABLE todos (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  title     TEXT    NOT NULL,
  change    INTEGER REFERENCES changes (number),
  draft     INTEGER REFERENCES drafts (number),
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by INTEGER REFERENCES people (id),
  note      TEXT
) STRICT;
CREATE INDEX todos_open ON todos (number) WHERE closed_at IS NULL;
