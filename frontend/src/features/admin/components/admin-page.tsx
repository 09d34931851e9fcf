import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { Sheet } from '../../../components/ui/sheet';
import { partPath, PARTS, type PartName } from '../parts';
import styles from './admin.module.css';
import { AuditPart } from './audit-part';
import { OverviewPart } from './overview-part';
import { SecretsPart } from './secrets-part';
import { SessionsPart } from './sessions-part';
import { SystemPart } from './system-part';
import { TokensPart } from './tokens-part';

const CONTENT: Readonly<Record<PartName, ComponentType>> = {
  overview: OverviewPart,
  secrets: SecretsPart,
  audit: AuditPart,
  system: SystemPart,
  tokens: TokensPart,
  sessions: SessionsPart,
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
