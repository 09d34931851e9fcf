import { type ReactNode, useRef } from 'react';
import styles from './burn-sheet.module.css';
import { type Burned, useBurning } from './use-burning';

interface BurnSheetProps {
  children: ReactNode;
  /** Content of the lower edge, which burns first. */
  stub: ReactNode;
  /** One line in place of the burnt stub. */
  ash: ReactNode;
  burned: Burned;
  onBurned?: () => void;
}

/** A sheet of paper whose lower edge, and then all of it, can burn. Fades with reduced motion. */
export function BurnSheet({ children, stub, ash, burned, onBurned }: BurnSheetProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const edge = useRef<HTMLDivElement>(null);
  useBurning({ sheet, stub: edge }, burned, onBurned);
  return (
    <div className={styles['place']} data-burned={burned}>
      <div className={styles['shadow']}>
        <div ref={sheet} className={styles['sheet']}>
          <div className={styles['paper']}>
            <div className={styles['content']}>{children}</div>
            <div ref={edge} className={styles['stub']}>
              {stub}
            </div>
            <svg className={styles['lines']} aria-hidden="true" focusable="false">
              <path className={styles['scorch']} data-burn-line="" />
              <path className={styles['char']} data-burn-line="" />
            </svg>
          </div>
          <svg className={styles['lines']} aria-hidden="true" focusable="false">
            <path className={styles['halo']} data-burn-line="" />
            <path className={styles['ember']} data-burn-line="" />
          </svg>
        </div>
      </div>
      <div className={styles['ash']} role="status">
        {burned !== 'nothing' && ash}
      </div>
    </div>
  );
}
