import type { Person } from '@burnbag/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Facts } from '../../../components/ui/facts';
import { Notice } from '../../../components/ui/notice';
import { callName } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import styles from './sign-in.module.css';

export function SignedIn({ person, onDone }: { person: Person; onDone: () => void }) {
  const { t } = useTranslation('login');
  const { signOut } = useSession();
  const [leaving, setLeaving] = useState(false);
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    setLeaving(true);
    setFailed(false);
    try {
      await signOut();
    } catch {
      setFailed(true);
      setLeaving(false);
    }
  };
  const address: (readonly [string, string])[] = person.email ? [[t('signedIn.email'), person.email]] : [];
  return (
    <>
      <Facts
        items={[
          [t('signedIn.name'), callName(person)],
          ...address,
          [t('signedIn.role'), person.isAdmin ? t('signedIn.admin') : t('signedIn.person')],
        ]}
      />
      {failed && <Notice kind="alert">{t('signedIn.failed')}</Notice>}
      <div className={styles['actions']}>
        <Button look="ink" onClick={onDone}>
          {t('signedIn.goOn')}
        </Button>
        <Button busy={leaving} onClick={() => void leave()}>
          {t('signedIn.signOut')}
        </Button>
      </div>
    </>
  );
}
