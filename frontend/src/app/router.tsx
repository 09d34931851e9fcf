import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { paths } from '../config/paths';
import { CrashBoundary } from './crash-boundary';
import { pages } from './pages';
import { NotFoundRoute } from './routes/not-found.route';
import { PendingRoute } from './routes/pending.route';

const CreateRoute = lazy(pages.create);
const RevealRoute = lazy(pages.reveal);
const ReceiptRoute = lazy(pages.receipt);

export function AppRoutes() {
  return (
    <CrashBoundary>
      <Suspense fallback={<PendingRoute />}>
        <Routes>
          <Route path={paths.create} element={<CreateRoute />} />
          <Route path={paths.reveal} element={<RevealRoute />} />
          <Route path={paths.receipt} element={<ReceiptRoute />} />
          <Route path="*" element={<NotFoundRoute />} />
        </Routes>
      </Suspense>
    </CrashBoundary>
  );
}
