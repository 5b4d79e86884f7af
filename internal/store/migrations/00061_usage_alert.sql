-- What partners are told of their allowance, once in each period.

-- +goose Up
CREATE TABLE usage_alert (
    partner   bigint  NOT NULL REFERENCES partner (id),
    period    bigint  NOT NULL, -- its first slot
    threshold bigint  NOT NULL, -- percent
    tasks     bigint  NOT NULL, -- used then
    allowance bigint  NOT NULL,
    raised_at bigint  NOT NULL,
    told      boolean NOT NULL, -- the letters are queued, or there are none to send
    PRIMARY KEY (partner, period, threshold)
);
