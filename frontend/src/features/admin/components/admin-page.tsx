import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { Sheet } from '../../../components/ui/sheet';
import { partPath, PARTS, type PartName } from '../parts';
import styles from './admin.module.css';
import { AuditSection } from './audit-section';
import { OverviewSection } from './overview-section';
import { SecretsSection } from './secrets-section';
import { SessionsSection } from './sessions-section';
import { SystemSection } from './system-section';
import { TokensSection } from './tokens-section';

const CONTENT: Readonly<Record<PartName, ComponentType>> = {
  overview: OverviewSection,
  secrets: SecretsSection,
  audit: AuditSection,
  system: SystemSection,
  tokens: TokensSection,
  sessions: SessionsSection,
};

/** The administration: one part at a time, with links to the others. */
export function AdminPage({ part }: { part: PartName }) {
  const { t } = useTranslation('admin');
  const Content = CONTENT[part];
  return (
    <div data-wide>
      <Sheet>
        <nav className={styles['nav']} aria-label={t('nav.label')}>
          <ul>
            {PARTS.map((name) => (
              <li key={name}>
                <NavLink to={partPath(name)} end>
                  {t(`nav.${name}`)}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <Content />
      </Sheet>
    </div>
  );
}
