import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { paths } from '../config/paths';
import { CrashBoundary } from './crash-boundary';
import { NotFoundRoute } from './routes/not-found.route';
import { PendingRoute } from './routes/pending.route';

const CreateRoute = lazy(() => import('./routes/create.route'));
const RevealRoute = lazy(() => import('./routes/reveal.route'));
const ReceiptRoute = lazy(() => import('./routes/receipt.route'));

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
