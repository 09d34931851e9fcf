import type { CreatedSecret } from '@burnbag/contract';

const json = { 'Content-Type': 'application/json' };

/** The API as a script uses it, beside the browser. */
export class Api {
  constructor(readonly url: string) {}

  send(method: string, path: string, body?: unknown): Promise<Response> {
    const payload = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
    return fetch(`${this.url}/api/v1${path}`, { method, ...payload });
  }

  /** A secret that the server encrypts. @throws unless it answers 201 */
  async create(fields: Readonly<Record<string, unknown>> = {}): Promise<CreatedSecret> {
    const answer = await this.send('POST', '/secrets', { content: 'made by a script', ...fields });
    if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as CreatedSecret;
  }

  reveal = (id: string, body: unknown = {}): Promise<Response> =>
    this.send('POST', `/secrets/${id}/reveal`, body);

  /** `live`, `locked`, `claimed`, or the code of the problem. */
  async state(id: string): Promise<string> {
    const answer = await this.send('GET', `/secrets/${id}/status`);
    const { state, code } = (await answer.json()) as { state?: string; code?: string };
    return state ?? code ?? String(answer.status);
  }
}
