import { SessionGate } from '../../components/session-gate';
import { TokensLoading } from '../../features/tokens/components/tokens-loading';
import { TokensPage } from '../../features/tokens/components/tokens-page';
import { PeopleQueries } from '../../lib/session/people-queries';

export default function TokensRoute() {
  return (
    <PeopleQueries>
      <SessionGate loading={<TokensLoading />}>
        <TokensPage />
      </SessionGate>
    </PeopleQueries>
  );
}
