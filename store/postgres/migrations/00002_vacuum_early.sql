-- What each step changes is vacuumed as early as tasks and lanes are, so that a busy day leaves no more dead rows than a quiet one.
-- It only sets how tables are kept: the program of schema 1 works on beside it.

-- +goose Up
ALTER TABLE conversations SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE cards SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 70);
ALTER TABLE deadlines SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE offers SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE handled SET (autovacuum_vacuum_scale_factor = 0.05);
INSERT INTO meta (name, value) VALUES ('oldest', '\x0000000000000001');
