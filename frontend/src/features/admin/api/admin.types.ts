/** Rows of one page, and the cursor of the next. */
export interface PageOf<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
}
