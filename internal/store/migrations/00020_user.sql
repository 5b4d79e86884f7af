-- People have names and addresses; programs let in others, who have none.

-- +goose Up
ALTER TABLE app_user ADD COLUMN first_name text NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN last_name text NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN email text NOT NULL DEFAULT ''; -- lower case
ALTER TABLE app_user ADD COLUMN kind bigint NOT NULL DEFAULT 0; -- 0: a person; 1: an API user; 2: an account's own, in no list
ALTER TABLE app_user ADD COLUMN search text NOT NULL DEFAULT ''; -- all that it is found by, in lower case
ALTER TABLE app_user ADD COLUMN signed_in_at bigint NOT NULL DEFAULT 0;
ALTER TABLE app_user ADD COLUMN reset_at bigint NOT NULL DEFAULT 0; -- when a mail for a new password was last asked for
UPDATE app_user SET search = username;
CREATE UNIQUE INDEX app_user_email ON app_user (partner, email) WHERE email <> '';
CREATE INDEX membership_user ON membership (app_user);
