import type { Person } from '@burnbag/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation } from 'react-router';
import { paths } from '../config/paths';
import { useDocumentTitle } from '../lib/hooks/use-document-title';
import { callName, personOf } from '../lib/session/session';
import { useAskedSession } from '../lib/session/session-context';
import { signInPage } from '../lib/session/sign-in-address';
import { Button } from './ui/button';
import { PageHeading } from './ui/page-heading';
import { Sheet } from './ui/sheet';

interface SessionGateProps {
  /** Only for administrators. */
  admin?: boolean;
  /** Shown until the session is known. */
  loading: ReactNode;
  children: ReactNode;
}

/**
 * Sends people without a session to the sign-in and back. Only for convenience; the server guards the data.
 */
export function SessionGate({ admin = false, loading, children }: SessionGateProps) {
  const { session, problem, ask } = useAskedSession();
  const { pathname, search } = useLocation();
  if (!session) {
    return problem ? <Failed offline={problem.code === 'network'} onRetry={() => void ask()} /> : loading;
  }
  const person = personOf(session);
  if (!person) return <Navigate to={signInPage(pathname + search)} replace />;
  return admin && !person.isAdmin ? <Denied person={person} /> : children;
}

function Denied({ person }: { person: Person }) {
  const { t } = useTranslation('common');
  useDocumentTitle(t('gate.denied.heading'));
  return (
    <Sheet>
      <PageHeading>{t('gate.denied.heading')}</PageHeading>
      <p>{t('gate.denied.text', { name: callName(person) })}</p>
      <p>
        <Link to={paths.create}>{t('gate.denied.home')}</Link>
      </p>
    </Sheet>
  );
}

function Failed({ offline, onRetry }: { offline: boolean; onRetry: () => void }) {
  const { t } = useTranslation('common');
  useDocumentTitle(t('gate.failed.heading'));
  return (
    <Sheet>
      <PageHeading>{t('gate.failed.heading')}</PageHeading>
      <p>{offline ? t('gate.failed.network') : t('gate.failed.text')}</p>
      <p>
        <Button onClick={onRetry}>{t('retry')}</Button>
      </p>
    </Sheet>
  );
}
