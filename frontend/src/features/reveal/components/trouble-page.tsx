import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Clock } from '../../../components/ui/clock';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { downloadText } from '../../../lib/download';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { callName, personOf } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import type { Trouble } from '../trouble';
import styles from './trouble-page.module.css';

const CAN_RETRY = new Set<Trouble['kind']>([
  'offline',
  'unavailable',
  'damaged',
  'filesDamaged',
  'undecryptable',
  'unexpected',
]);

interface TroublePageProps {
  trouble: Trouble;
  onRetry?: () => void;
  /** Goes to sign in and comes back. @param other to sign in under another account */
  onSignIn?: (other: boolean) => void;
}

/** A problem: what happened, whether anything was lost, the one thing to do next. */
export function TroublePage({ trouble, onRetry, onSignIn }: TroublePageProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const { kind } = trouble;
  const moment = 'at' in trouble && trouble.at ? format.moment(trouble.at) : undefined;
  const timed = moment ? { context: 'at', moment } : {};
  useDocumentTitle(t(`trouble.${kind}.heading`, timed));

  return (
    <Sheet>
      <PageHeading>{t(`trouble.${kind}.heading`, timed)}</PageHeading>
      {kind === 'notYou' ? <NotYou /> : <p>{t(`trouble.${kind}.what`, timed)}</p>}
      <p className={styles['lost']}>{t(`trouble.${kind}.lost`)}</p>
      <p>{t(`trouble.${kind}.next`)}</p>
      {'until' in trouble && <Clock until={trouble.until} {...(onRetry ? { onRetry } : {})} />}
      {kind === 'unexpected' && trouble.requestId && (
        <p className={styles['small']}>{t('trouble.unexpected.request', { requestId: trouble.requestId })}</p>
      )}
      {(kind === 'signIn' || kind === 'notYou') && onSignIn && (
        <div className={styles['actions']}>
          <Button look="ink" onClick={() => onSignIn(kind === 'notYou')}>
            {t(`trouble.${kind}.act`)}
          </Button>
        </div>
      )}
      {kind === 'outdated' && (
        <div className={styles['actions']}>
          <Button look="ink" onClick={() => location.reload()}>
            {t('trouble.outdated.act')}
          </Button>
        </div>
      )}
      {CAN_RETRY.has(kind) && onRetry && (
        <div className={styles['actions']}>
          <Button look="plain" onClick={onRetry}>
            {t('trouble.retry')}
          </Button>
          {kind === 'undecryptable' && (
            <Button onClick={() => downloadText(fileOf(trouble.file), 'burnbag-secret.age')}>
              {t('trouble.undecryptable.save')}
            </Button>
          )}
        </div>
      )}
    </Sheet>
  );
}

/** The signed-in person, once known. */
function NotYou() {
  const { t } = useTranslation('reveal');
  const { session, ask } = useSession();
  const person = personOf(session);
  useEffect(() => void ask(), [ask]);
  return (
    <p>
      {person
        ? t('trouble.notYou.what', { context: 'as', name: person.email ?? callName(person) })
        : t('trouble.notYou.what')}
    </p>
  );
}

/** The sealed file as received; if it is not even base64, as text. */
function fileOf(content: string): Uint8Array<ArrayBuffer> | string {
  try {
    return Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  } catch {
    return content;
  }
}
