import type { ReactNode } from 'react';
import styles from './file-list.module.css';

export interface ListedFile {
  /** Unique in the list. */
  key: string;
  /** Safe to show: see lib/files/file-name. */
  name: string;
  /** Such as "1.5 MB". */
  size: string;
  /** Status or actions of the file. */
  aside?: ReactNode;
}

/** Files by name and size. A name is isolated, so that its direction of writing does not affect others. */
export function FileList({ files, label }: { files: readonly ListedFile[]; label: string }) {
  return (
    <ul className={styles['list']} aria-label={label}>
      {files.map(({ key, name, size, aside }) => (
        <li key={key} className={styles['file']}>
          <span className={styles['name']}>
            <bdi>{name}</bdi>
          </span>
          <span className={styles['size']}>{size}</span>
          {aside}
        </li>
      ))}
    </ul>
  );
}
