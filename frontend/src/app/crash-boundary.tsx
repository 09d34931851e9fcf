import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/ui/button';
import { PageHeading } from '../components/ui/page-heading';
import { Sheet } from '../components/ui/sheet';

/** Shows a message when a script did not load or an error was thrown, and never the error itself. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crash /> : this.props.children;
  }
}

function Crash() {
  const { t } = useTranslation('common');
  return (
    <Sheet>
      <PageHeading>{t('crash.heading')}</PageHeading>
      <p>{t('crash.text')}</p>
      <p>
        <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
      </p>
    </Sheet>
  );
}
