-- A username is shown as it was given, and found without regard to case.

-- +goose Up
ALTER TABLE app_user ADD COLUMN spelling text NOT NULL DEFAULT ''; -- the username as it was given
UPDATE app_user SET spelling = username;
