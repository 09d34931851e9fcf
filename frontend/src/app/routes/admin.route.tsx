import { useParams } from 'react-router';
import { SessionGate } from '../../components/session-gate';
import { AdminLoading } from '../../features/admin/components/admin-loading';
import { AdminPage } from '../../features/admin/components/admin-page';
import { PARTS } from '../../features/admin/parts';
import { PeopleQueries } from '../../lib/session/people-queries';
import { NotFoundRoute } from './not-found.route';

export default function AdminRoute() {
  const { '*': rest = '' } = useParams();
  const part = rest === '' ? 'overview' : PARTS.find((name) => name === rest);
  if (part === undefined) return <NotFoundRoute />;
  return (
    <PeopleQueries>
      <SessionGate admin loading={<AdminLoading />}>
        <AdminPage key={part} part={part} />
      </SessionGate>
    </PeopleQueries>
  );
}
