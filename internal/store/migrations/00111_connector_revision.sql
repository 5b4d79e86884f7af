-- At which change of a partner's own connectors each was written, so that who
-- keeps them in memory reads those that have changed alone.
-- +goose Up
ALTER TABLE custom_connector ADD COLUMN revision bigint NOT NULL DEFAULT 0;
