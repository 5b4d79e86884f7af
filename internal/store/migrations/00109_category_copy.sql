-- +goose Up
-- Categories of methods that an account has copied for its own types of objects.
ALTER TABLE account_connector ADD COLUMN categories text NOT NULL DEFAULT ''; -- JSON; '': none
