-- A person's second factor: the secret of their codes, sealed with a key that is not in this file, and
-- the last step whose code was taken, so that none is taken twice.
CREATE TABLE factors (
  person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
  secret    BLOB    NOT NULL CHECK (length(secret) = 48),
  last_step INTEGER NOT NULL,
  added_at  INTEGER NOT NULL
) STRICT;

-- Codes for who has lost the app, each good once. They are 80 random bits, so that their SHA-256 gives
-- nothing away.
CREATE TABLE recovery_codes (
  person_id INTEGER NOT NULL REFERENCES people (id),
  code_hash BLOB    NOT NULL CHECK (length(code_hash) = 32),
  used_at   INTEGER,
  PRIMARY KEY (person_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Who has given the right password and not the code yet. In a table of its own, so that nothing that
-- looks for a session finds one here.
CREATE TABLE half_sessions (
  token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
  person_id  INTEGER NOT NULL REFERENCES people (id),
  next       TEXT    NOT NULL,
  ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX half_sessions_by_person ON half_sessions (person_id);
