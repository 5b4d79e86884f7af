package api

import (
	"github.com/tandem-ipaas/tandem"
)

// Paging is the query of every list.
type Paging struct {
	Page     int `query:"page" minimum:"1" doc:"Which page, from 1."`
	PageSize int `query:"pageSize" minimum:"1" doc:"Rows on a page: 50, up to 1000. per_page is a synonym."`
	Ordering
}

// Slicing is the query of a list that is given whole unless a page is asked for.
type Slicing struct {
	Page     int `query:"page" minimum:"1" doc:"Which page, from 1. Without it and pageSize, all rows."`
	PageSize int `query:"pageSize" minimum:"1" doc:"Rows on a page: 50, up to 1000. per_page is a synonym."`
	Ordering
}

func (p Paging) request() tandem.PageRequest {
	return tandem.PageRequest{Page: p.Page, PageSize: p.PageSize, OrderBy: p.OrderBy, Descend: p.descends()}
}
