import { Suspense, useState } from 'react';
import { Route, Routes } from 'react-router';
import { paths } from '../config/paths';
import { CrashBoundary } from './crash-boundary';
import type { PageName } from './page-code';
import { pageNamed } from './pages';
import { NotFoundRoute } from './routes/not-found.route';
import { PendingRoute } from './routes/pending.route';

/** Decided once: a page that changed from suspending to loaded would be thrown away and rendered again. */
function Page({ name }: { name: PageName }) {
  const [Content] = useState(() => pageNamed(name));
  return <Content />;
}

export function AppRoutes() {
  return (
    <CrashBoundary>
      <Suspense fallback={<PendingRoute />}>
        <Routes>
          <Route path={paths.create} element={<Page key="create" name="create" />} />
          <Route path={paths.reveal} element={<Page key="reveal" name="reveal" />} />
          <Route path={paths.receipt} element={<Page key="receipt" name="receipt" />} />
          <Route path={paths.login} element={<Page key="login" name="login" />} />
          <Route path={paths.tokens} element={<Page key="tokens" name="tokens" />} />
          <Route path={`${paths.admin}/*`} element={<Page key="admin" name="admin" />} />
          <Route path="*" element={<NotFoundRoute />} />
        </Routes>
      </Suspense>
    </CrashBoundary>
  );
}
