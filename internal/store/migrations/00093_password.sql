-- How many passwords people have had: what one of them opens is refused once
-- there is another.

-- +goose Up
ALTER TABLE console_user ADD COLUMN passwords bigint NOT NULL DEFAULT 1;
ALTER TABLE app_user ADD COLUMN passwords bigint NOT NULL DEFAULT 1;
ALTER TABLE ticket ADD COLUMN passwords bigint NOT NULL DEFAULT 0; -- 0: not by a password
