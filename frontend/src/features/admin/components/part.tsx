import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { Waiting } from '../../../components/ui/waiting';
import { problemOf } from '../../../lib/api/problem';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import styles from './admin.module.css';

interface PartProps {
  title: string;
  query: Pick<UseQueryResult, 'data' | 'isError' | 'error' | 'isFetching' | 'refetch'>;
  children: ReactNode;
}

/**
 * One part of the administration: its heading, its data or a placeholder, and the error of the last request.
 */
export function Part({ title, query, children }: PartProps) {
  const { t } = useTranslation('admin');
  useDocumentTitle(t('titled', { title }));
  if (query.data === undefined && !query.isError) return <Waiting label={t('loading')} lines={8} />;
  return (
    <div className={styles['part']}>
      <PageHeading>{title}</PageHeading>
      {query.isError && (
        <Notice kind="alert">
          <p>{failure()}</p>
          <Button busy={query.isFetching} onClick={() => void query.refetch()}>
            {t('again')}
          </Button>
        </Notice>
      )}
      {children}
    </div>
  );

  function failure(): string {
    const problem = problemOf(query.error);
    if (problem.code === 'validation_failed') {
      const fields = problem.errors.map(({ field, message }) => `${field} ${message}`).join('; ');
      return t('failed.refused', { fields });
    }
    const offline = problem.code === 'network';
    if (query.data !== undefined) return offline ? t('failed.olderOffline') : t('failed.older');
    return offline ? t('failed.offline') : t('failed.text');
  }
}
