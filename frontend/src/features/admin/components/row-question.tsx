import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { Notice } from '../../../components/ui/notice';
import type { useRowAct } from '../hooks/use-row-act';

type Act = 'burn' | 'unlock' | 'revoke' | 'end';
type RowAct<Name extends string> = ReturnType<typeof useRowAct<Name>>;

interface OfferProps<Name extends Act> {
  act: RowAct<Name>;
  name: Name;
  id: string;
  /** Name of the row for screen readers. */
  row: string;
}

/** The button of an act on a row. */
export function RowOffer<Name extends Act>({ act, name, id, row }: OfferProps<Name>) {
  const { t } = useTranslation('admin');
  const open = act.asking?.id === id && act.asking.act === name;
  return (
    <Button look="quiet" aria-expanded={open} onClick={(event) => act.ask(id, name, event.currentTarget)}>
      {t(`act.${name}.offer`)}
      <span className="visually-hidden"> {row}</span>
    </Button>
  );
}

/** The confirmation under its row. */
export function RowQuestion<Name extends Act>({ act, id }: { act: RowAct<Name>; id: string }) {
  const { t } = useTranslation('admin');
  if (act.asking?.id !== id) return null;
  const name: Act = act.asking.act;
  return (
    <Confirm
      title={t(`act.${name}.title`)}
      confirmLabel={t(`act.${name}.confirm`)}
      cancelLabel={t('act.cancel')}
      busy={act.busy}
      onConfirm={act.confirm}
      onCancel={act.cancel}
    >
      <p>{t(`act.${name}.text`)}</p>
    </Confirm>
  );
}

/** Result of the last act. */
export function RowOutcome<Name extends Act>({ act }: { act: RowAct<Name> }) {
  const { t } = useTranslation('admin');
  const done: Act | undefined = act.done;
  const over =
    act.problem === 'secret_gone' || act.problem === 'secret_not_found' || act.problem === 'token_not_found';
  return (
    <>
      <p role="status">{done && t(`act.${done}.done`)}</p>
      {act.problem && <Notice kind="alert">{over ? t('act.over') : t('act.failed')}</Notice>}
    </>
  );
}
