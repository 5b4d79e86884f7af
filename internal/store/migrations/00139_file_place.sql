-- +goose Up
-- Where a file's content is: 0, in the folder of SQLite or in rows; 1, in a bucket.
ALTER TABLE file ADD COLUMN place bigint NOT NULL DEFAULT 0;
