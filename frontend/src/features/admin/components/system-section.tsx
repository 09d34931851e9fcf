import type { SystemState } from '@burnbag/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../../components/ui/facts';
import { useApi } from '../../../lib/api/api-context';
import { useFormat } from '../../../lib/hooks/use-format';
import { adminApi } from '../api/admin.api';
import { usePresent } from '../hooks/use-present';
import styles from './admin.module.css';
import { ChainState } from './chain-state';
import { Part } from './part';

const PULSE = 15_000;
const PATIENCE = 300_000;
/** Share of the outbox above which it is shown as nearly full. */
const NEARLY = 0.8;

/** State of the portal's services. */
export function SystemSection() {
  const { t } = useTranslation('admin');
  const api = useApi();
  const present = usePresent(PATIENCE);
  const query = useQuery({
    queryKey: ['admin', 'system'],
    queryFn: ({ signal }) => adminApi.system(api, signal),
    refetchInterval: present ? PULSE : false,
    gcTime: 0,
  });
  const verify = useMutation({
    mutationFn: () => adminApi.verify(api),
    onSuccess: () => query.refetch(),
  });
  return (
    <Part title={t('system.title')} query={query}>
      {query.data && (
        <>
          <ChainState
            last={verify.data ?? query.data.chain.lastVerification}
            busy={verify.isPending}
            failed={verify.isError}
            setAside={query.data.chain.setAsideEvents}
            onVerify={() => verify.mutate()}
          />
          <Stores system={query.data} />
        </>
      )}
    </Part>
  );
}

function Stores({ system }: { system: SystemState }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { outbox, database, redis, files, keyring } = system;
  const full = outbox.waiting >= outbox.max * NEARLY;
  const state = (reachable: boolean) =>
    reachable ? t('system.reachable') : <span className={styles['wrong']}>{t('system.away')}</span>;
  const bytes = (value: number | null) => (value === null ? t('system.unknown') : format.bytes(value));
  return (
    <>
      <section className={styles['group']} aria-labelledby="outbox">
        <h2 id="outbox">{t('system.outbox')}</h2>
        <Facts
          even
          items={[
            [
              t('system.waiting'),
              <span key="waiting" className={full ? styles['wrong'] : ''}>
                {t('system.of', { count: format.number(outbox.waiting), most: format.number(outbox.max) })}
              </span>,
            ],
            [
              t('system.oldest'),
              outbox.oldestAgeSeconds === null
                ? t('system.nothing')
                : format.roughly(outbox.oldestAgeSeconds),
            ],
          ]}
        />
      </section>
      <section className={styles['group']} aria-labelledby="stores">
        <h2 id="stores">{t('system.stores')}</h2>
        <Facts
          even
          items={[
            [t('system.redis'), state(redis.reachable)],
            [t('system.redisVersion'), redis.version ?? t('system.unknown')],
            [t('system.memory'), bytes(redis.usedMemoryBytes)],
            [t('system.database'), state(database.reachable)],
            [t('system.engine'), database.engine],
            [t('system.files'), t(`system.${files.store}`)],
            [t('system.stored'), bytes(files.bytesStored)],
            [t('system.quota'), files.quotaBytes ? format.bytes(files.quotaBytes) : t('system.noQuota')],
          ]}
        />
      </section>
      <section className={styles['group']} aria-labelledby="keyring">
        <h2 id="keyring">{t('system.keyring')}</h2>
        <Facts
          even
          items={keyring.map(({ id, state: kept }) => [t('system.key', { id }), keyState(kept)] as const)}
        />
        <p className={styles['soft']}>{t('system.version', { version: system.version })}</p>
      </section>
    </>
  );

  function keyState(kept: string): string {
    if (kept === 'primary') return t('system.primary');
    if (kept === 'decrypt-only') return t('system.decryptOnly');
    return kept === 'destroyed' ? t('system.destroyed') : kept;
  }
}
