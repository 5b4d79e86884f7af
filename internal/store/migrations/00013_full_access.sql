-- Nobody has Full Access because a statement forgot to say so.

-- +goose Up
ALTER TABLE console_user ADD COLUMN everything boolean NOT NULL DEFAULT false;
UPDATE console_user SET everything = full_access;
ALTER TABLE console_user DROP COLUMN full_access;
ALTER TABLE console_user RENAME COLUMN everything TO full_access;
