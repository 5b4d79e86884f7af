-- +goose Up
-- What was counted of late, by all accounts: PostgreSQL went through the whole tables
-- for it. What is counted again changes nothing in these indexes.
/*postgres: CREATE INDEX run_count_day ON run_count (day); */
/*postgres: CREATE INDEX meter_slot ON meter (slot); */
