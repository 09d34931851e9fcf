import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { ProgressBar } from '../../../components/ui/progress-bar';
import { useAnnouncement } from '../../../lib/files/use-announcement';
import { useCountdown } from '../../../lib/hooks/use-countdown';
import { useFormat } from '../../../lib/hooks/use-format';
import { problemText } from '../problem-text';
import type { UploadState } from '../upload/upload-state';
import styles from './sending-page.module.css';
import { SignInFirst } from './sign-in-first';

type Format = ReturnType<typeof useFormat>;

/** The current step, in one sentence. */
function stepText(state: UploadState, t: TFunction<'create'>): string {
  if (state.step === 'preparing' && state.progress !== undefined) return t('sealingPassphrase');
  return t(`upload.step.${state.step}`);
}

function movedText(state: UploadState, t: TFunction<'create'>, format: Format): string {
  if (!('moved' in state)) return '';
  const { sent, total } = state.moved;
  return t('upload.moved', { sent: format.bytes(sent), total: format.bytes(total) });
}

/** Speed and time left, once known. */
function paceText(state: UploadState, t: TFunction<'create'>, format: Format): string {
  if (state.step !== 'sending') return '';
  const { speed, secondsLeft } = state.moved;
  if (speed === undefined) return '';
  const pace = t('upload.speed', { size: format.bytes(Math.round(speed)) });
  return secondsLeft === undefined
    ? pace
    : `${pace}, ${t('upload.left', { time: format.roughly(Math.max(1, secondsLeft)) })}`;
}

const shareOf = (state: UploadState): number | undefined =>
  'moved' in state ? state.moved.share : state.progress;

/** The bar with its text. Screen readers get it now and then, and a change at once. */
export function SendingProgress({ state, onRetry }: { state: UploadState; onRetry: () => void }) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const step = stepText(state, t);
  const moved = movedText(state, t, format);
  const pace = paceText(state, t, format);
  const said = useAnnouncement([step, moved, pace].filter(Boolean).join(' '), state.step);
  const still = state.step === 'paused' || state.step === 'waiting' || state.step === 'stuck';
  return (
    <div className={styles['progress']}>
      <p className={styles['step']}>{step}</p>
      <ProgressBar label={t('upload.bar')} value={shareOf(state)} text={moved || undefined} still={still} />
      <div className={styles['numbers']}>
        <p data-testid="moved">{moved}</p>
        <p data-testid="pace">{pace}</p>
      </div>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {state.step === 'waiting' && (
        <Notice>
          <p>{problemText(state.problem, t, format)}</p>
          <NextTry at={state.retryAt} />
          <Button look="quiet" onClick={onRetry}>
            {t('upload.retryNow')}
          </Button>
        </Notice>
      )}
      {state.step === 'stuck' && (
        <Notice kind="alert">
          <p>{problemText(state.problem, t, format)}</p>
          <p>{t('upload.stuck')}</p>
          {state.problem.code === 'sign_in_required' && <SignInFirst />}
          <Button look="quiet" onClick={onRetry}>
            {t('upload.retryNow')}
          </Button>
        </Notice>
      )}
    </div>
  );
}

/** A countdown that is not read out every second. */
function NextTry({ at }: { at: number }) {
  const { t } = useTranslation('create');
  const seconds = useCountdown(at);
  return <p>{t('upload.nextTry', { count: seconds })}</p>;
}
