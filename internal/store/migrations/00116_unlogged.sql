-- +goose Up
-- Transactions of versions of cycles that keep no data of steps: it goes in the commit
-- by which they end, and is not shown before.
ALTER TABLE txn ADD COLUMN unlogged bigint NOT NULL DEFAULT 0; -- 1: it is such a one

-- step_item.blob is where data is: 0 in the row, 1 in a file, 2 nowhere any more, 3 in a
-- bucket, where data has the end of its name. Below 0 it is to go from there.
CREATE INDEX step_item_leaving ON step_item (account, txn, seq) WHERE blob < 0;
