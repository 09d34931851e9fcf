import { Fragment, type ReactNode } from 'react';
import styles from './data-table.module.css';

export interface Column<Row> {
  key: string;
  name: string;
  renderCell: (row: Row) => ReactNode;
  /**
   * `number` is right-aligned; `mono` distinguishes 0 from O; `wide` may break and takes the remaining width.
   */
  look?: 'number' | 'mono' | 'wide';
}

interface DataTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  /** Actions of a row; `actionsName` heads the column for screen readers. */
  renderActions?: (row: Row) => ReactNode;
  actionsName?: string;
  /** Shown under a row over its whole width, such as a confirmation. */
  renderUnder?: (row: Row) => ReactNode;
  /** Older than the data that is being fetched. */
  stale?: boolean;
}

/** A table; on narrow screens each row becomes a small card with the names of its columns. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, renderActions } = props;
  return (
    <div className={styles['frame']}>
      <table className={styles['table']} data-stale={props.stale || undefined}>
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, name, look }) => (
              <th key={key} scope="col" data-look={look}>
                {name}
              </th>
            ))}
            {renderActions && (
              <th scope="col">
                <span className="visually-hidden">{props.actionsName}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <Fragment key={props.idOf(row)}>
              <tr>
                {columns.map(({ key, name, look, renderCell }) => (
                  <td key={key} data-look={look} data-name={name}>
                    <div>{renderCell(row)}</div>
                  </td>
                ))}
                {renderActions && (
                  <td data-look="actions">
                    <div>{renderActions(row)}</div>
                  </td>
                )}
              </tr>
              <Under columns={columns.length + (renderActions ? 1 : 0)}>{props.renderUnder?.(row)}</Under>
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Under({ columns, children }: { columns: number; children: ReactNode }) {
  if (!children) return null;
  return (
    <tr data-under>
      <td colSpan={columns}>{children}</td>
    </tr>
  );
}
