-- +goose Up
-- Each transaction was put into it and taken out of it again, for restarts alone;
-- they find by txn_pending what is not at its end.
/*sqlite: DROP INDEX txn_open; */
