import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';

interface NoticeProps {
  children: ReactNode;
  /** `alert` is read out at once; `note` is not announced. */
  kind?: 'note' | 'alert';
  id?: string;
}

export function Notice({ children, kind = 'note', id }: NoticeProps) {
  const Icon = kind === 'alert' ? TriangleAlert : Info;
  return (
    <div id={id} className={styles['notice']} data-kind={kind} role={kind === 'alert' ? 'alert' : undefined}>
      <Icon size={20} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}
