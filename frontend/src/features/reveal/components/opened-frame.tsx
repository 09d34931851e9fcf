import { Flame } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BurnSheet } from '../../../components/ui/burn-sheet';
import { Button } from '../../../components/ui/button';
import { Envelope } from '../../../components/ui/envelope';
import { prefersStillness } from '../../../components/ui/use-burning';
import styles from './opened-frame.module.css';

interface OpenedFrameProps {
  /** The server's copy is gone: the lower edge of the sheet may burn. */
  burned: boolean;
  stub: ReactNode;
  /** Text of the ash: of the server's copy, and while this page is cleared. */
  ash: { burned: string; clearing: string };
  /** The button that clears the page; absent while that would lose something. */
  clear: { label: string; hint: string } | undefined;
  /** The page has burned. */
  onClear: () => void;
  /** Under the sheet. */
  below?: ReactNode;
  /** @param leaving the page is being cleared: show nothing that must not be seen any more */
  children: (leaving: boolean) => ReactNode;
}

/** The sheet from the envelope, and its burning animations. Nothing of it is printed. */
export function OpenedFrame({ burned, stub, ash, clear, onClear, below, children }: OpenedFrameProps) {
  const { t } = useTranslation('reveal');
  const [leaving, setLeaving] = useState(false);
  // The animation waits until the envelope is out of sight.
  const [unfolded, setUnfolded] = useState(prefersStillness);
  const stubBurned = burned && unfolded ? 'stub' : 'nothing';
  return (
    <div className={styles['opened']}>
      {!unfolded && (
        <div
          className={styles['envelope']}
          aria-hidden="true"
          onAnimationEnd={(event) => event.target === event.currentTarget && setUnfolded(true)}
        >
          <Envelope seal="broken">
            <div className={styles['space']} />
          </Envelope>
        </div>
      )}
      <BurnSheet
        burned={leaving ? 'all' : stubBurned}
        {...(leaving ? { onBurned: onClear } : {})}
        stub={stub}
        ash={<p>{leaving ? ash.clearing : ash.burned}</p>}
      >
        {children(leaving)}
      </BurnSheet>
      {below}
      {clear && !leaving && (
        <div className={styles['leave']}>
          <Button icon={<Flame size={18} aria-hidden />} onClick={() => setLeaving(true)}>
            {clear.label}
          </Button>
          <p>{clear.hint}</p>
        </div>
      )}
      <p className={styles['print']}>{t('open.print')}</p>
    </div>
  );
}
