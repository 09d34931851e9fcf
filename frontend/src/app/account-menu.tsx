import type { Person } from '@burnbag/contract';
import { ChevronDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Button } from '../components/ui/button';
import { paths } from '../config/paths';
import { useKeyDown } from '../lib/hooks/use-key-down';
import { callName, personOf } from '../lib/session/session';
import { useSession } from '../lib/session/session-context';
import { useLeavingTarget } from '../lib/unsaved';
import styles from './account-menu.module.css';
import { SignInLink } from './sign-in-link';

/**
 * The signed-in person and the pages for them; otherwise the link to the sign-in. Hidden by style without a
 * sign-in.
 */
export function AccountMenu() {
  const person = personOf(useSession().session);
  return <div className={styles['account']}>{person ? <Menu person={person} /> : <SignInLink />}</div>;
}

/** Closes with Escape, when it loses the focus, by a click elsewhere, and when an item was chosen. */
function Menu({ person }: { person: Person }) {
  const { t } = useTranslation('common');
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useKeyDown(menu, (event) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    button.current?.focus();
  });
  useEffect(() => {
    if (!open) return;
    const leave = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open]);
  return (
    <div ref={menu} className={styles['menu']}>
      <button
        ref={button}
        type="button"
        className={styles['name']}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className="visually-hidden">{t('account.signedInAs')} </span>
        <span className={styles['who']}>{callName(person)}</span>
        <ChevronDown size={16} aria-hidden />
      </button>
      {open && <Panel person={person} onChosen={() => setOpen(false)} />}
    </div>
  );
}

function Panel({ person, onChosen }: { person: Person; onChosen: () => void }) {
  const { t } = useTranslation('common');
  const { signOut } = useSession();
  const leaving = useLeavingTarget();
  const [failed, setFailed] = useState(false);
  return (
    <div className={styles['panel']}>
      <p className={styles['subject']}>{person.email ?? person.subject}</p>
      <ul>
        <li>
          <Link {...leaving} to={paths.tokens} onClick={onChosen}>
            {t('account.tokens')}
          </Link>
        </li>
        {person.isAdmin && (
          <li>
            <Link {...leaving} to={paths.admin} onClick={onChosen}>
              {t('account.admin')}
            </Link>
          </li>
        )}
      </ul>
      <Button onClick={() => void signOut().catch(() => setFailed(true))}>{t('account.signOut')}</Button>
      {failed && <p role="alert">{t('account.signOutFailed')}</p>}
    </div>
  );
}
