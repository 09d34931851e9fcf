import type { ReactNode } from 'react';
import styles from './envelope.module.css';
import { WaxSeal } from './wax-seal';

interface EnvelopeProps {
  children: ReactNode;
  /** `folding` animates the sheet and the seal; `broken` opens the flap; `none` has no seal yet. */
  seal?: 'sealed' | 'folding' | 'broken' | 'none';
}

/** The envelope: paper, a flap, a seal, and the text on the front. */
export function Envelope({ children, seal = 'sealed' }: EnvelopeProps) {
  return (
    <div className={styles['envelope']} data-seal={seal}>
      {seal === 'folding' && (
        <div className={styles['letter']} aria-hidden="true">
          <div className={styles['upper']} />
          <div className={styles['lower']} />
        </div>
      )}
      <div className={styles['front']}>
        <svg
          className={styles['flap']}
          viewBox="0 0 100 40"
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          <path d="M0 0 47 37.5Q50 40 53 37.5L100 0Z" />
        </svg>
        {seal !== 'none' && (
          <div className={styles['seal']}>
            <WaxSeal broken={seal === 'broken'} />
          </div>
        )}
        <div className={styles['body']}>{children}</div>
      </div>
    </div>
  );
}
