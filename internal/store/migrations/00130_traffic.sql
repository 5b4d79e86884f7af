-- What came in: calls of the API, and those requests to webhooks that did not simply
-- begin a transaction. Ids are time-ordered as those of transactions are.

-- +goose Up
CREATE TABLE api_call (
    account    bigint NOT NULL, -- that it acted in; 0: in none
    id         bigint NOT NULL,
    partner    bigint NOT NULL,
    method     text   NOT NULL,
    path       text   NOT NULL,
    operation  text   NOT NULL,
    status     bigint NOT NULL,
    took       bigint NOT NULL, -- milliseconds
    actor_type text   NOT NULL,
    actor      text   NOT NULL, -- its id
    address    text   NOT NULL,
    request    text   NOT NULL, -- X-Request-Id
    alike      bigint NOT NULL, -- that it stands for
    PRIMARY KEY (account, id)
); -- with a rowid: rows are long, and so are appended and not put in order
-- All that is counted is in these: a list looks up the rows of its page alone.
CREATE INDEX api_call_partner ON api_call (partner, id, method, status);
CREATE INDEX api_call_account ON api_call (account, id, partner, method, status);
CREATE INDEX api_call_failed ON api_call (partner, id, method, status) WHERE status >= 400;
CREATE INDEX api_call_account_failed ON api_call (account, id, partner, method, status) WHERE status >= 400;

CREATE TABLE webhook_request (
    account bigint NOT NULL,
    id      bigint NOT NULL,
    cycle   text   NOT NULL,
    step    text   NOT NULL,
    method  text   NOT NULL,
    status  bigint NOT NULL,
    reason  text   NOT NULL, -- '': it was not refused
    bytes   bigint NOT NULL,
    took    bigint NOT NULL, -- milliseconds
    txn     bigint NOT NULL, -- 0: none
    address text   NOT NULL,
    alike   bigint NOT NULL, -- that it stands for
    PRIMARY KEY (account, id)
);
CREATE INDEX webhook_request_cycle ON webhook_request (account, cycle, id, status);

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('api_call', 'sqlite_autoindex_api_call_1', '1000000 10000 1'), ('api_call', 'api_call_partner', '1000000 100000 1 1 1'), ('api_call', 'api_call_account', '1000000 10000 1 1 1 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('api_call', 'api_call_failed', '10000 1000 1 1 1'), ('api_call', 'api_call_account_failed', '10000 100 1 1 1 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('webhook_request', 'sqlite_autoindex_webhook_request_1', '1000000 10000 1'), ('webhook_request', 'webhook_request_cycle', '1000000 10000 1000 1 1'); */
/*sqlite: ANALYZE sqlite_schema; */
