-- Sign-ins that were sent to an OpenID provider and have not come back. Only the SHA-256 of the state
-- and of the browser's cookie are kept: nonce and PKCE verifier are made from the cookie.
CREATE TABLE openid_requests (
  state_hash   BLOB    NOT NULL PRIMARY KEY CHECK (length(state_hash) = 32),
  browser_hash BLOB    NOT NULL CHECK (length(browser_hash) = 32),
  next         TEXT    NOT NULL,
  ends_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX openid_requests_by_end ON openid_requests (ends_at);

-- Through what half a session was begun, where it was no password.
ALTER TABLE half_sessions ADD COLUMN through TEXT;

-- An account at an OpenID provider has a longer name than the others: issuer and subject.
CREATE TABLE identities_longer (
  person_id INTEGER NOT NULL REFERENCES people (id),
  account   TEXT    NOT NULL CHECK (length(account) BETWEEN 3 AND 500),
  linked_at INTEGER NOT NULL,
  number    INTEGER,
  PRIMARY KEY (person_id, account)
) STRICT, WITHOUT ROWID;
INSERT INTO identities_longer SELECT person_id, account, linked_at, number FROM identities;
DROP TABLE identities;
ALTER TABLE identities_longer RENAME TO identities;
CREATE UNIQUE INDEX identities_by_number ON identities (number);
CREATE INDEX identities_by_account ON identities (account);
