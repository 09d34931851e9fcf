import { secretApiUrl, sealedUrl, type CreatedSecret } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { createLinkKey, formatLinkKey } from '../../../lib/seal/link-key';
import { loadSeal } from '../../../lib/seal/load-seal';
import type { Draft, HandedOver } from '../create.model';
import { recipientsIn, recipientsField } from '../recipients';

type Progress = (done: number) => void;

async function sealedRequest(draft: Draft, linkKey: Uint8Array, onProgress?: Progress) {
  const { seal } = await loadSeal();
  const passphrase = draft.passphrase === '' ? undefined : draft.passphrase;
  const { contentBase64, proofHash } = await seal(draft.text, linkKey, passphrase, onProgress);
  return { content: contentBase64, sealed: true, proofHash, passphraseRequired: passphrase !== undefined };
}

const openRequest = (draft: Draft) => ({
  content: draft.text,
  ...(draft.passphrase === '' ? {} : { passphrase: draft.passphrase }),
});

/**
 * Sends the draft and returns the link and the receipt. The link key is made here and never sent.
 * @throws ApiError
 */
export async function createSecret(api: ApiClient, draft: Draft, onProgress?: Progress): Promise<HandedOver> {
  const linkKey = createLinkKey();
  const body = draft.sealed ? await sealedRequest(draft, linkKey, onProgress) : openRequest(draft);
  const limits = { ttlSeconds: draft.ttlSeconds, maxViews: draft.maxViews, ...recipientsField(draft) };
  const recipients = recipientsIn(draft.recipients);
  // A script has no e-mail address, so it cannot be a recipient.
  const scripted = !draft.sealed && recipients.length === 0;
  const { data } = await api.post<CreatedSecret>(urls.secrets(), { ...body, ...limits });
  return {
    link: draft.sealed ? sealedUrl(data.url, formatLinkKey(linkKey)) : data.url,
    receiptLink: data.receiptUrl,
    expiresAt: data.expiresAt,
    maxViews: draft.maxViews,
    passphrase: draft.passphrase,
    recipients,
    sealed: draft.sealed,
    ...(scripted ? { command: textCommand(data.url, draft.passphrase !== '') } : {}),
  };
}

/** The reader fills in the passphrase: a command line ends up in the shell's history. */
const textCommand = (link: string, passphrase: boolean): string =>
  passphrase ? `curl -H "X-Passphrase: $PASSPHRASE" ${secretApiUrl(link)}` : `curl ${secretApiUrl(link)}`;
