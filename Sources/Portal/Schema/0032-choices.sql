-- How people want their pages; where there is no row, as everybody has them. Removed when they are
-- erased.
CREATE TABLE choices (
  person_id     INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
  zone          TEXT    NOT NULL, -- of the IANA database
  theme         TEXT    NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
  has_shortcuts INTEGER NOT NULL CHECK (has_shortcuts IN (0, 1)),
  chosen_at     INTEGER NOT NULL
) STRICT;
