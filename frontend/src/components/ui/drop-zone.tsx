import { Paperclip } from 'lucide-react';
import styles from './drop-zone.module.css';

/** Covers the whole page while files are dragged over it. Only for the mouse. */
export function DropZone({ label }: { label: string }) {
  return (
    <div className={styles['zone']} aria-hidden="true">
      <div className={styles['sheet']}>
        <Paperclip size={32} />
        <p>{label}</p>
      </div>
    </div>
  );
}
