-- The address under which a person's calendar program reads the due dates: whoever has it may read
-- them, so only its SHA-256 is kept.
CREATE TABLE calendars (
  person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
  key_hash  BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  made_at   INTEGER NOT NULL
) STRICT;
