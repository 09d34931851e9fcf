import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { type Column, DataTable } from '../../../components/ui/data-table';
import { useFormat } from '../../../lib/hooks/use-format';
import type { TokenAnswer } from '@burnbag/contract';

interface TokenListProps {
  tokens: readonly TokenAnswer[];
  busy: boolean;
  /** Rejects when it did not work. */
  onRevoke: (id: string) => Promise<unknown>;
}

export function TokenList({ tokens, busy, onRevoke }: TokenListProps) {
  const { t } = useTranslation('tokens');
  const format = useFormat();
  const [asking, setAsking] = useState<string>();
  const [told, setTold] = useState('');
  const asked = useRef<HTMLButtonElement>(null);
  const [now] = useState(Date.now);
  const isOver = ({ expiresAt }: TokenAnswer) => Date.parse(expiresAt) <= now;

  const columns: Column<TokenAnswer>[] = [
    { key: 'name', name: t('name'), look: 'wide', renderCell: ({ name }) => name },
    {
      key: 'scopes',
      name: t('scopes'),
      look: 'wide',
      renderCell: ({ scopes }) => scopes.map((scope) => t(`scope.${scope}.word`)).join(', '),
    },
    { key: 'created', name: t('created'), renderCell: ({ createdAt }) => format.moment(createdAt) },
    {
      key: 'expires',
      name: t('expires'),
      renderCell: (token) => (isOver(token) ? t('over') : format.moment(token.expiresAt)),
    },
    {
      key: 'used',
      name: t('used'),
      renderCell: ({ lastUsedAt }) => (lastUsedAt === null ? t('never') : format.moment(lastUsedAt)),
    },
  ];
  const revoke = async ({ id, name }: TokenAnswer) => {
    try {
      await onRevoke(id);
      setTold(t('revoke.done', { name }));
    } finally {
      setAsking(undefined);
    }
  };

  return (
    <>
      <p role="status">{told}</p>
      {tokens.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <DataTable
          caption={t('heading')}
          columns={columns}
          rows={tokens}
          idOf={({ id }) => id}
          actionsName={t('actions')}
          renderActions={(token) => (
            <Button
              look="quiet"
              aria-expanded={asking === token.id}
              onClick={(event) => {
                asked.current = event.currentTarget;
                setTold('');
                setAsking(token.id);
              }}
            >
              {t('revoke.offer')}
              <span className="visually-hidden"> {token.name}</span>
            </Button>
          )}
          renderUnder={(token) =>
            asking === token.id && (
              <Confirm
                title={t('revoke.title', { name: token.name })}
                confirmLabel={t('revoke.confirm')}
                cancelLabel={t('revoke.cancel')}
                busy={busy}
                onConfirm={() => void revoke(token).catch(() => undefined)}
                onCancel={() => {
                  setAsking(undefined);
                  asked.current?.focus();
                }}
              >
                <p>{t('revoke.text')}</p>
              </Confirm>
            )
          }
        />
      )}
    </>
  );
}
