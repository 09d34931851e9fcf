import { TOKEN_SCOPES } from '@burnbag/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { personOf } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import { useTokens } from '../hooks/use-tokens';
import { NewTokenForm } from './new-token-form';
import { NewTokenShown } from './new-token-shown';
import { TokenList } from './token-list';
import { TokensLoading } from './tokens-loading';
import styles from './tokens.module.css';

/** One's own API tokens: which there are, a new one, and the end of one. */
export function TokensPage() {
  const { t } = useTranslation('tokens');
  const { tokens, create, revoke } = useTokens();
  const isAdmin = personOf(useSession().session)?.isAdmin ?? false;
  const [making, setMaking] = useState(false);
  useDocumentTitle(t('title'));
  if (!tokens.data && tokens.isFetching) return <TokensLoading />;
  return (
    <div data-wide>
      <Sheet>
        <div className={styles['head']}>
          <PageHeading>{t('heading')}</PageHeading>
          {!making && !create.data && (
            <Button icon={<Plus size={18} aria-hidden />} onClick={() => setMaking(true)}>
              {t('make')}
            </Button>
          )}
        </div>
        <p>{t('lead')}</p>
        {making && (
          <NewTokenForm
            scopes={TOKEN_SCOPES.filter((scope) => scope !== 'stats' || isAdmin)}
            busy={create.isPending}
            failed={create.isError}
            onCancel={() => {
              create.reset();
              setMaking(false);
            }}
            onMake={(token) => create.mutate(token, { onSuccess: () => setMaking(false) })}
          />
        )}
        {create.data && <NewTokenShown made={create.data} onDone={create.reset} />}
        {tokens.isError && (
          <Notice kind="alert">
            <p>{t('failed')}</p>
            <Button onClick={() => void tokens.refetch()}>{t('again')}</Button>
          </Notice>
        )}
        {revoke.isError && <Notice kind="alert">{t('revoke.failed')}</Notice>}
        {tokens.data && (
          <TokenList tokens={tokens.data} busy={revoke.isPending} onRevoke={(id) => revoke.mutateAsync(id)} />
        )}
      </Sheet>
    </div>
  );
}
