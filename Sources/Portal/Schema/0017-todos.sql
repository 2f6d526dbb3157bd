-- What is left to do, with whose it is and by when. Days are counted from 1970-01-01, UTC. One that
-- a finding gave birth to is that finding's for good: it is closed and opened again, never twice.
ALTER TABLE todos ADD COLUMN site TEXT;
ALTER TABLE todos ADD COLUMN finding TEXT;
ALTER TABLE todos ADD COLUMN mend_kind TEXT; -- the kind of change that mends it
ALTER TABLE todos ADD COLUMN owner_id INTEGER REFERENCES people (id);
ALTER TABLE todos ADD COLUMN due_day INTEGER;
ALTER TABLE todos ADD COLUMN snoozed_until INTEGER; -- the day it is in sight again
ALTER TABLE todos ADD COLUMN snooze_reason TEXT;
ALTER TABLE todos ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX todos_by_finding ON todos (site, finding) WHERE finding IS NOT NULL;

-- What happened to each, with what people wrote to it.
CREATE TABLE todo_notes (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  todo     INTEGER NOT NULL REFERENCES todos (number),
  at       INTEGER NOT NULL,
  by_id    INTEGER REFERENCES people (id), -- nobody: Caretaker itself
  kind     TEXT    NOT NULL CHECK (kind IN (
             'opened', 'closed', 'reopened', 'owner', 'due', 'snoozed', 'woken', 'note')),
  about_id INTEGER REFERENCES people (id),
  day      INTEGER,
  text     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX todo_notes_by_todo ON todo_notes (todo, number);

INSERT INTO todo_notes (todo, at, kind) SELECT number, opened_at, 'opened' FROM todos;
INSERT INTO todo_notes (todo, at, by_id, kind, text)
  SELECT number, closed_at, closed_by, 'closed', coalesce(note, '') FROM todos
  WHERE closed_at IS NOT NULL;
