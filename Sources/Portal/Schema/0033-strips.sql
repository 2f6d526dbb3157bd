-- How well each subject was in the last day, a character for each half-hour, in one row: a page
-- that shows all of them reads a few rows and not thousands. `-` is where nobody looked.
CREATE TABLE strips (
  site    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  -- When the newest half-hour began, in milliseconds since 1970.
  newest  INTEGER NOT NULL,
  healths TEXT    NOT NULL CHECK (length(healths) = 48),
  PRIMARY KEY (site, subject)
) STRICT, WITHOUT ROWID;

WITH RECURSIVE
  subjects (site, subject, newest) AS (
    SELECT site, subject, max(slot) / 1800000 * 1800000 FROM beats GROUP BY site, subject
  ),
  stretches (site, subject, newest, begun, healths) AS (
    SELECT site, subject, newest, newest - 48 * 1800000, '' FROM subjects
    UNION ALL
    SELECT site, subject, newest, begun + 1800000,
      healths || coalesce(
        (SELECT max(health) FROM beats
         WHERE beats.site = stretches.site AND beats.subject = stretches.subject
           AND slot >= begun + 1800000 AND slot < begun + 3600000),
        '-')
    FROM stretches WHERE begun < newest
  )
INSERT INTO strips (site, subject, newest, healths)
SELECT site, subject, newest, healths FROM stretches WHERE begun = newest;

DROP TABLE beats;
