import { CreatePage } from '../../features/create/components/create-page';

export default function CreateRoute() {
  return <CreatePage />;
}
