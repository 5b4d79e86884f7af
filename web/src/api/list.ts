import type { ListFilter } from "../search";

/** The parameters by which the server gives a page of a list. By what it sorts, the server says. */
export const listed = ({ query, sort, down, page = 1 }: ListFilter, pageSize = 50) => ({
  query,
  orderBy: sort as never,
  sortOrderAsc: sort ? !down : undefined,
  page,
  pageSize,
});
