-- Which transactions a request to a webhook began at once, and how long its body was:
-- such a request has no row of its own in webhook_request.

-- +goose Up
ALTER TABLE txn ADD COLUMN received bigint NOT NULL DEFAULT 0; -- bytes of the body, and one; 0: no request did
