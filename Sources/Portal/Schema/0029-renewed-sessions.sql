-- A session whose person has shown anew who they are has another token. What was under way with the
-- one before is still answered for a moment.
ALTER TABLE sessions ADD COLUMN old_hash BLOB; -- SHA-256 of the token before
ALTER TABLE sessions ADD COLUMN old_ends_at INTEGER; -- until when it is taken
