import { useLocation } from 'react-router';
import { ReceiptPage } from '../../features/receipt/components/receipt-page';
import { QueryProvider } from '../../lib/api/query-provider';

export default function ReceiptRoute() {
  const { hash } = useLocation();
  return (
    <QueryProvider>
      <ReceiptPage fragment={hash} />
    </QueryProvider>
  );
}
