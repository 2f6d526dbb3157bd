-- What was typed in the form of a change, as a query, so that it can be asked for once more. The
-- newest revision's; what runs is the plan's bytes alone.
CREATE TABLE asked (
  change TEXT NOT NULL PRIMARY KEY,
  query  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
