import { useLocation } from 'react-router';
import { ReceiptPage } from '../../features/receipt/components/receipt-page';

export default function ReceiptRoute() {
  return <ReceiptPage fragment={useLocation().hash} />;
}
