-- Lists of accounts go by what is kept in memory (account_directory.go), which is
-- brought up to date by the stamps of what has changed since.

-- +goose Up
ALTER TABLE partner ADD COLUMN account_stamp bigint NOT NULL DEFAULT 0; -- the newest
ALTER TABLE account ADD COLUMN stamp bigint NOT NULL DEFAULT 0; -- of its last change
CREATE INDEX account_stamp ON account (partner, stamp);
DROP INDEX account_name;
DROP INDEX account_created;

CREATE INDEX account_deleted ON account (deleted_at) WHERE deleted_at > 0;
CREATE INDEX account_suspended ON account (id) WHERE NOT enabled;
