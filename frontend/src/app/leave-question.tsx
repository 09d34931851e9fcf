import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { QuestionDialog } from '../components/ui/question-dialog';
import { guardLeaving, type Leaving } from '../lib/leave-guard';

/** Asks before a page with unsaved content is left; see `useUnsaved`. */
export function LeaveQuestion() {
  const { t } = useTranslation('common');
  const [leaving, setLeaving] = useState<Leaving>();
  // Before the router, whose layout effect comes later: Chromium calls listeners of the window in the order of their
  // registration, those for the capture phase, too.
  useLayoutEffect(() => guardLeaving(setLeaving), []);
  if (!leaving) return null;
  const answer = (act: () => void) => () => {
    setLeaving(undefined);
    act();
  };
  return (
    <QuestionDialog
      title={t('leave.title')}
      confirmLabel={t('leave.leave')}
      cancelLabel={t('leave.stay')}
      onConfirm={answer(leaving.leave)}
      onCancel={answer(leaving.stay)}
    >
      <p>{t('leave.text')}</p>
    </QuestionDialog>
  );
}
