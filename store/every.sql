-- Schema 5: the interval that was in force when a poll was made, as table device then had it. A schedule may change, and an
-- adaptive one does all the time: what was due before a poll is counted by its own. NULL: written before schema 5.
ALTER TABLE poll ADD COLUMN every INTEGER;
