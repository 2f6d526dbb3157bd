-- Passkeys (W3C WebAuthn): what names each, and the public key its signatures are checked with. None
-- of it is secret. The counter is the last one it showed; 0 for one that does not count.
CREATE TABLE passkeys (
  id            INTEGER NOT NULL PRIMARY KEY,
  credential_id BLOB    NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
  person_id     INTEGER NOT NULL REFERENCES people (id),
  public_key    BLOB    NOT NULL,
  counter       INTEGER NOT NULL CHECK (counter BETWEEN 0 AND 4294967295),
  label         TEXT    NOT NULL,
  added_at      INTEGER NOT NULL,
  last_used_at  INTEGER
) STRICT;
CREATE INDEX passkeys_by_person ON passkeys (person_id);

-- Offers that were answered with a passkey, until their time is over: none is taken twice. An offer
-- carries its own seal, so the many that nobody answers are in no table.
CREATE TABLE used_offers (
  offer_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(offer_hash) = 32),
  ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
