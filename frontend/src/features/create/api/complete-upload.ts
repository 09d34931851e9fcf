import { filesApiUrl, type CreatedSecret } from '@burnbag/contract';
import { base64urlnopad } from '@scure/base';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { randomBytes } from '../../../lib/random';
import type { CompletionBody } from '../create.model';

/** Makes a link to the uploaded files. A repeated call returns the same one. @throws ApiError */
export async function completeUpload(
  api: ApiClient,
  uploadId: string,
  body: CompletionBody,
  signal: AbortSignal,
): Promise<CreatedSecret> {
  const { data } = await api.post<CreatedSecret>(urls.completeUpload(uploadId), body, { signal });
  return data;
}

/** Deletes what has arrived so far. @throws ApiError */
export async function discardUpload(api: ApiClient, uploadId: string): Promise<void> {
  await api.delete(urls.upload(uploadId), { headers: { 'Tus-Resumable': '1.0.0' } });
}

/** Command for a script: files need a claim, so that it can resume under the same one. */
export function fileCommand(link: string, passphrase: boolean): string {
  const claim = base64urlnopad.encode(randomBytes(16));
  const secret = passphrase ? ' -H "X-Passphrase: $PASSPHRASE"' : '';
  return `curl -OJ -H "X-Claim: ${claim}"${secret} ${filesApiUrl(link)}`;
}
