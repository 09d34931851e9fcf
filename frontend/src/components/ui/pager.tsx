import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from './button';
import styles from './pager.module.css';

interface PagerProps {
  label: string;
  /** Such as "Page 3". */
  place: string;
  backLabel: string;
  nextLabel: string;
  /** Undefined at the first page. */
  onBack: (() => void) | undefined;
  /** Undefined at the last page. */
  onNext: (() => void) | undefined;
}

/** Pages through a long list. Hidden when there is one page. */
export function Pager({ label, place, backLabel, nextLabel, onBack, onNext }: PagerProps) {
  if (!onBack && !onNext) return null;
  return (
    <nav className={styles['pager']} aria-label={label}>
      <Button busy={!onBack} icon={<ChevronLeft size={18} aria-hidden />} onClick={onBack}>
        {backLabel}
      </Button>
      <span role="status">{place}</span>
      <Button busy={!onNext} icon={<ChevronRight size={18} aria-hidden />} onClick={onNext}>
        {nextLabel}
      </Button>
    </nav>
  );
}
