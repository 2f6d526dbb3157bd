-- The words that people search by. Nobody's name is among them: a person stands there as zzperson7,
-- so that a new name is found at once, and an erased one nowhere.
CREATE VIRTUAL TABLE search_changes USING fts5(
  words, content='', prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIEW search_change_words (number, change_id, revision, words) AS
SELECT number, change_id, plans.revision,
  'CR-' || number || ' ' || title || ' ' || reason || ' ' || kind || ' zzperson' || requester_id
FROM plans JOIN changes ON changes.id = change_id;

CREATE TRIGGER search_change_proposed AFTER INSERT ON plans WHEN NEW.revision = 1
BEGIN
  INSERT INTO search_changes (rowid, words)
  SELECT number, words FROM search_change_words WHERE change_id = NEW.change_id AND revision = 1;
END;
-- A change is found by what stands, not by what stood there before it was edited.
CREATE TRIGGER search_change_revised AFTER UPDATE OF revision ON changes
WHEN NEW.revision <> OLD.revision
BEGIN
  INSERT INTO search_changes (search_changes, rowid, words)
  SELECT 'delete', number, words FROM search_change_words
  WHERE change_id = OLD.id AND revision = OLD.revision;
  INSERT INTO search_changes (rowid, words)
  SELECT number, words FROM search_change_words
  WHERE change_id = NEW.id AND revision = NEW.revision;
END;
INSERT INTO search_changes (rowid, words)
SELECT w.number, w.words FROM search_change_words AS w
JOIN changes ON changes.id = w.change_id AND changes.revision = w.revision;

CREATE VIRTUAL TABLE search_todos USING fts5(
  words, content='', prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER search_todo_opened AFTER INSERT ON todos
BEGIN
  INSERT INTO search_todos (rowid, words)
  VALUES (NEW.number, NEW.title || ' ' || coalesce(NEW.finding, ''));
END;
INSERT INTO search_todos (rowid, words)
SELECT number, title || ' ' || coalesce(finding, '') FROM todos;

-- The log's words are written behind it, many entries at a time: an act need not wait for them. An
-- entry never changes, so which ones are there already is one number.
CREATE VIRTUAL TABLE search_audit USING fts5(
  words, content='', detail=none, columnsize=0, prefix='1 2 3',
  tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE search_audit_terms USING fts5vocab(search_audit, instance);
CREATE TABLE search_progress (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO search_progress (only, seq) VALUES (1, 0);
