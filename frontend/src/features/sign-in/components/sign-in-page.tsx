import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { personOf } from '../../../lib/session/session';
import { useAskedSession } from '../../../lib/session/session-context';
import { knownProblem } from '../sign-in-problem';
import { SignInLoading } from './sign-in-loading';
import { SignedIn } from './signed-in';
import { WaysIn } from './ways-in';

interface SignInPageProps {
  /** Code of what went wrong on the way to the provider and back. */
  problem?: string | undefined;
  /** Path of this portal. */
  returnTo: string;
  /** The person has just signed out. */
  signedOut: boolean;
  /** Leads to `returnTo`, inside the app. */
  onDone: () => void;
}

/** Who may sign in, and how; what came in between; or who is signed in already. */
export function SignInPage({ problem, returnTo, signedOut, onDone }: SignInPageProps) {
  const { t } = useTranslation('login');
  const asked = useAskedSession();
  useDocumentTitle(t('title'));
  const { session } = asked;
  if (!session) {
    if (!asked.problem) return <SignInLoading />;
    const { code } = asked.problem;
    return <Unknown offline={code === 'network'} onRetry={() => void asked.ask()} />;
  }
  const person = personOf(session);
  const notice = problem === undefined ? undefined : knownProblem(problem);
  return (
    <Sheet>
      <PageHeading>{heading()}</PageHeading>
      {notice && !person && <Notice kind="alert">{t(`problem.${notice}`)}</Notice>}
      {signedOut && !person && <Notice>{t('signedOut')}</Notice>}
      {person ? (
        <SignedIn person={person} onDone={onDone} />
      ) : (
        <WaysIn session={session} returnTo={returnTo} again={notice !== undefined} onDone={onDone} />
      )}
    </Sheet>
  );

  function heading(): string {
    if (person) return t('signedIn.heading');
    return session?.signIn.oidc || session?.signIn.local ? t('heading') : t('nobody.heading');
  }
}

function Unknown({ offline, onRetry }: { offline: boolean; onRetry: () => void }) {
  const { t } = useTranslation('login');
  return (
    <Sheet>
      <PageHeading>{t('unknown.heading')}</PageHeading>
      <p>{offline ? t('unknown.offline') : t('unknown.text')}</p>
      <p>
        <Button onClick={onRetry}>{t('again')}</Button>
      </p>
    </Sheet>
  );
}
