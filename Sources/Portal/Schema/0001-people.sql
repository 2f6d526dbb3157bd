-- People are disabled, never deleted: the log and the changes go on naming them.
CREATE TABLE people (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  login         TEXT    NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 64),
  name          TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  role          TEXT    NOT NULL
                CHECK (role IN ('viewer', 'operator', 'approver', 'administrator', 'auditor')),
  password_hash TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  role_at       INTEGER NOT NULL,
  password_at   INTEGER NOT NULL,
  disabled_at   INTEGER
) STRICT;

-- Only the SHA-256 of a session's token is kept: who reads the file cannot sign in with it.
CREATE TABLE sessions (
  token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
  person_id  INTEGER NOT NULL REFERENCES people (id),
  form_token TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL,
  address    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_person ON sessions (person_id);

-- Failed passwords by account and by address, so that guesses get slower.
CREATE TABLE failures (
  subject TEXT    NOT NULL PRIMARY KEY,
  count   INTEGER NOT NULL CHECK (count > 0),
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
