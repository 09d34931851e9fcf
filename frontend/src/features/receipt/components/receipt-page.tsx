import { fragmentText } from '@burnbag/contract';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { problemOf } from '../../../lib/api/problem';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useReceipt } from '../hooks/use-receipt';
import { ReceiptLoading } from './receipt-loading';
import { ReceiptSheet } from './receipt-sheet';

const TOKEN = /^[A-Za-z0-9_-]{16,512}$/;

/** @param fragment the part of the URL after the #: the token is nowhere else */
export function ReceiptPage({ fragment }: { fragment: string }) {
  const token = fragmentText(fragment);
  if (!TOKEN.test(token)) return <ReceiptTrouble kind="invalid" />;
  return <Loaded key={token} token={token} />;
}

function Loaded({ token }: { token: string }) {
  const { t } = useTranslation('receipt');
  const { receipt, burn } = useReceipt(token);
  useDocumentTitle(t('title'));
  if (receipt.data) {
    return (
      <ReceiptSheet
        receipt={receipt.data}
        refreshing={receipt.isFetching}
        stale={receipt.isError}
        burning={burn.isPending}
        burnFailed={burn.isError}
        onRefresh={() => void receipt.refetch()}
        onBurn={() => burn.mutate()}
      />
    );
  }
  if (receipt.isFetching) return <ReceiptLoading />;
  const retry = () => void receipt.refetch();
  const { code } = problemOf(receipt.error);
  if (code === 'receipt_invalid' || code === 'validation_failed' || code === 'route_not_found') {
    return <ReceiptTrouble kind="invalid" />;
  }
  if (code === 'network') return <ReceiptTrouble kind="offline" onRetry={retry} />;
  return <ReceiptTrouble kind={code === 'rate_limited' ? 'busy' : 'unavailable'} onRetry={retry} />;
}

interface ReceiptTroubleProps {
  kind: 'invalid' | 'offline' | 'busy' | 'unavailable';
  onRetry?: () => void;
}

function ReceiptTrouble({ kind, onRetry }: ReceiptTroubleProps) {
  const { t } = useTranslation('receipt');
  useDocumentTitle(t(`trouble.${kind}.heading`));
  return (
    <Sheet>
      <PageHeading>{t(`trouble.${kind}.heading`)}</PageHeading>
      <p>{t(`trouble.${kind}.text`)}</p>
      {onRetry && (
        <p>
          <Button onClick={onRetry}>{t('trouble.retry')}</Button>
        </p>
      )}
    </Sheet>
  );
}
