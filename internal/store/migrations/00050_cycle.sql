-- +goose Up
ALTER TABLE cycle ADD COLUMN deleted_at bigint NOT NULL DEFAULT 0; -- not 0: it is in the recycle bin
ALTER TABLE cycle ADD COLUMN omit_requests boolean NOT NULL DEFAULT false; -- of the graph, for webhooks
CREATE INDEX cycle_deleted ON cycle (deleted_at) WHERE deleted_at > 0;
