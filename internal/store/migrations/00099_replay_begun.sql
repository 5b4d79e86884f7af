-- A call under a key that has changed something is never made again.

-- +goose Up
ALTER TABLE replay ADD COLUMN begun boolean NOT NULL DEFAULT false; -- a change that it made is committed
