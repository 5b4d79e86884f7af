-- +goose Up
ALTER TABLE partner ADD COLUMN settings bytea; -- JSON; NULL: none was changed yet

ALTER TABLE account ADD COLUMN step_limit bigint;

-- How long the record of a cycle is kept; NULL: as its account says.
ALTER TABLE cycle ADD COLUMN retain_success_hours bigint;
ALTER TABLE cycle ADD COLUMN retain_errored_hours bigint;
