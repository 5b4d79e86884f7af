-- +goose Up
-- What is asked about all accounts goes by ids, which are in order of time: they are put
-- at the end of these, and only what failed into one more. One is found by its id, too.
CREATE INDEX txn_id ON txn (id);
CREATE INDEX txn_failure ON txn (id) WHERE status > 10;

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('txn', 'txn_id', '10000000 1'), ('txn', 'txn_failure', '10000 1'); */
/*sqlite: ANALYZE sqlite_schema; */
