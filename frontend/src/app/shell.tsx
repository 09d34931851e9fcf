import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '../config/paths';
import { AccountMenu } from './account-menu';
import { LanguageSwitch } from './language-switch';
import styles from './shell.module.css';
import { ThemeSwitch } from './theme-switch';

/** The frame around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation('common');
  return (
    <>
      <a className={styles['skip']} href="#main" onClick={skip}>
        {t('skip')}
      </a>
      <header className={styles['header']}>
        <Link className={styles['wordmark']} to={paths.create} reloadDocument>
          <Mark />
          Burnbag
        </Link>
        <div className={styles['settings']}>
          <AccountMenu />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" className={styles['main']} tabIndex={-1}>
        {children}
      </main>
      <footer className={styles['footer']}>
        <p>{t('footer')}</p>
      </footer>
    </>
  );
}

/** A plain jump would replace the key of a link with #main. */
function skip(event: { preventDefault: () => void }) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Mark() {
  return (
    <svg className={styles['mark']} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className={styles['sheet']} d="M7 3h18v18l-3 3-2.5-2L17 26l-3-3.5-2.5 2.5-2-2.5-2.5.5z" />
      <path className={styles['fire']} d="m7 23 2.5-.5 2 2.5 2.5-2.5 3 3.5 2.5-4 2.5 2 3-3" />
    </svg>
  );
}
