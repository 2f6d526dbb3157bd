-- Somebody noted down to be invited is disabled from the start, and let in by a guarded change.
ALTER TABLE people ADD COLUMN noted_at INTEGER; -- until they are let in
ALTER TABLE people ADD COLUMN seen_at INTEGER;
UPDATE people SET seen_at = (SELECT max(seen_at) FROM sessions WHERE person_id = people.id);

-- Plans name an account by number: they are kept for ever, accounts can be erased.
ALTER TABLE identities ADD COLUMN number INTEGER;
UPDATE identities SET number = (
  SELECT count(*) FROM identities AS other
  WHERE (other.person_id, other.account) <= (identities.person_id, identities.account));
CREATE UNIQUE INDEX identities_by_number ON identities (number);

-- Links by which people choose a password, one for each at most. Only the SHA-256 of the token is
-- kept; who made it counts as who gave the password.
CREATE TABLE password_links (
  person_id  INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
  token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  made_by    INTEGER NOT NULL REFERENCES people (id),
  ends_at    INTEGER NOT NULL
) STRICT;
