-- One asks a third party for an account connector's next token, and the others
-- wait: whose claim it is and until when, and when an answer was last asked for
-- that has not been written down, 0 for never. The tokens are in sealed.

-- +goose Up
ALTER TABLE account_connector ADD COLUMN token_holder text NOT NULL DEFAULT '';
ALTER TABLE account_connector ADD COLUMN token_until bigint NOT NULL DEFAULT 0;
ALTER TABLE account_connector ADD COLUMN token_asked bigint NOT NULL DEFAULT 0;
