-- Who is signed in to an account is found by it.

-- +goose Up
CREATE INDEX session_account ON session (account, id);
