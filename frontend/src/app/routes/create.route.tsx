import { CreatePage } from '../../features/create/components/create-page';
import { QueryProvider } from '../../lib/api/query-provider';

export default function CreateRoute() {
  return (
    <QueryProvider>
      <CreatePage />
    </QueryProvider>
  );
}
