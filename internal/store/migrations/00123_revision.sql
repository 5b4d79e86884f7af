-- +goose Up
-- Counts changes of a cycle's design, so that nobody's work is written over.
ALTER TABLE cycle ADD COLUMN revision bigint NOT NULL DEFAULT 1;
