import type { ListFilter } from "../search";

/** The parameters by which the server gives a page of a list. */
export const listed = ({ query, sort, down, page = 1 }: ListFilter, pageSize = 50) => ({
  query,
  orderBy: sort,
  sortOrderAsc: sort ? !down : undefined,
  page,
  pageSize,
});
