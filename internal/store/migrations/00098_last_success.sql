-- When a cycle last ran without an error outlives the records of its runs.

-- +goose Up
ALTER TABLE cycle ADD COLUMN last_success bigint NOT NULL DEFAULT 0; -- of transactions that are deleted; 0: none
