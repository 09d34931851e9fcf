import type { Receipt } from '@burnbag/contract';
import type { TFunction } from 'i18next';
import type { useFormat } from '../../lib/hooks/use-format';
import { unsealedSize } from '../../lib/seal/sealed-size';

type Fact = readonly [name: string, value: string];

/** Facts of the secret, as name and value; after its end fewer are known. */
export function receiptFacts(
  receipt: Receipt,
  t: TFunction<'receipt'>,
  format: ReturnType<typeof useFormat>,
): Fact[] {
  const { size, files, sealed, passphraseRequired, recipientsOnly, viewsLeft, maxViews } = receipt;
  const facts: (Fact | undefined)[] = [
    [t('facts.created'), format.moment(receipt.createdAt)],
    [t('facts.expires'), format.moment(receipt.expiresAt)],
    viewsLeft === undefined
      ? undefined
      : [
          t('facts.views'),
          t('facts.viewsOf', { left: format.number(viewsLeft), most: format.number(maxViews ?? viewsLeft) }),
        ],
    recipientsOnly ? [t('facts.for'), t('facts.forNamed')] : undefined,
    inside(),
    sealed === undefined ? undefined : [t('facts.lock'), t(sealed ? 'facts.sealed' : 'facts.server')],
    passphraseRequired === undefined
      ? undefined
      : [t('facts.passphrase'), t(passphraseRequired ? 'facts.yes' : 'facts.no')],
    [t('facts.ref'), receipt.ref.slice(0, 8)],
  ];
  return facts.filter((fact) => fact !== undefined);

  function inside(): Fact | undefined {
    if (files)
      return [t('facts.inside'), t('facts.files', { count: files.count, size: format.bytes(files.bytes) })];
    return size === undefined
      ? undefined
      : [t('facts.size'), format.bytes(sealed ? unsealedSize(size) : size)];
  }
}
