import http from 'node:http';
import { randomBytes } from 'node:crypto';

/** One answer of the portal; `body` is empty where there is none or no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Created {
  readonly id: string;
  readonly url: string;
  readonly ref: string;
  readonly expiresAt: string;
  readonly receiptToken: string;
  readonly receiptUrl: string;
}

export interface Sending {
  readonly json?: unknown;
  readonly text?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Speaks HTTP to one app process. `fetch` would refuse the headers that some of these tests are about. */
export class Client {
  private readonly agent: http.Agent;

  constructor(
    readonly url: string,
    sockets = 64,
  ) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  }

  /** @throws the connection's error when no whole answer came */
  send(method: string, path: string, { json, text, headers = {} }: Sending = {}): Promise<Answer> {
    const payload = json === undefined ? text : JSON.stringify(json);
    const described = payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) };
    const typed = payload === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const options = { method, agent: this.agent, headers: { ...described, ...typed, ...headers } };
      const request = http.request(this.url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const received = Buffer.concat(chunks).toString('utf8');
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, text: received, body: parse(received) });
        });
      });
      request.on('error', reject);
      request.end(payload);
    });
  }

  /** @throws when the portal does not answer 201 */
  async create(fields: Readonly<Record<string, unknown>> = {}): Promise<Created> {
    const answer = await this.tryCreate({ content: 'a secret', ...fields });
    if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as Created;
  }

  readonly tryCreate = (json: unknown): Promise<Answer> => this.send('POST', '/api/v1/secrets', { json });
  readonly reveal = (id: string, json: unknown = {}): Promise<Answer> =>
    this.send('POST', `/api/v1/secrets/${id}/reveal`, { json });
  readonly get = (id: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    this.send('GET', `/api/v1/secrets/${id}`, { headers });
  readonly status = (id: string): Promise<Answer> => this.send('GET', `/api/v1/secrets/${id}/status`);
  readonly head = (id: string): Promise<Answer> => this.send('HEAD', `/api/v1/secrets/${id}`);
  readonly acknowledge = (id: string, claim: string): Promise<Answer> =>
    this.send('POST', `/api/v1/secrets/${id}/acknowledge`, { json: { claim } });
  readonly burn = (id: string, sending: Sending = {}): Promise<Answer> =>
    this.send('DELETE', `/api/v1/secrets/${id}`, sending);
  readonly receipt = (token: string): Promise<Answer> => this.send('GET', `/api/v1/receipts/${token}`);

  close(): void {
    this.agent.destroy();
  }
}

/** A claim as a reader makes one: 16 random bytes, base64url. */
export function newClaim(): string {
  return randomBytes(16).toString('base64url');
}
