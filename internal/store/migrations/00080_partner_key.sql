-- +goose Up
-- For secrets of a partner's own, as data_key of account; NULL until the first.
ALTER TABLE partner ADD COLUMN data_key bytea;
