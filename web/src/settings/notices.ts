import { type ListFilter, listFilter, oneOf, type Search, text } from "../search";

export const kinds = ["Error", "Notification"] as const;
export const states = ["Queued", "Delivered", "GivenUp"] as const;

/** Which deliveries are listed. */
export interface NoticeFilters extends ListFilter {
  kind?: (typeof kinds)[number];
  state?: (typeof states)[number];
  account?: string;
}

export const noticeFilters = (s: Search): NoticeFilters => ({
  ...listFilter(s),
  kind: oneOf([...kinds], s.kind),
  state: oneOf([...states], s.state),
  account: text(s.account),
});
