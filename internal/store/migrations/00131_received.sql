-- Which transactions a request to a webhook began at once, and how long its body was:
-- such a request has no row of its own in webhook_request.

-- +goose Up
ALTER TABLE txn ADD COLUMN received bigint NOT NULL DEFAULT 0; -- bytes of the body, and one; 0: no request did
-- Those of a cycle are counted in its index.
DROP INDEX txn_cycle;
CREATE INDEX txn_cycle ON txn (account, cycle, id, received);

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('txn', 'txn_cycle', '10000000 100000 1000 1 1'); */
/*sqlite: ANALYZE sqlite_schema; */
