import { withoutTrailing } from '@burnbag/contract';

import { KeySourceError } from '../crypto.errors.js';
import type { KeyProvider } from './key-provider.port.js';

const TIMEOUT_MS = 10_000;
/** Hint for the operator by the status of the answer. */
const HINTS: Readonly<Record<number, string>> = {
  400: 'Check VAULT_TRANSIT_KEY, and that the key file was wrapped by this Vault',
  403: 'Check that VAULT_TOKEN has not expired, and that its policy allows this',
  404: 'Check VAULT_ADDR, VAULT_NAMESPACE and VAULT_TRANSIT_MOUNT',
  503: 'Unseal it',
};

export interface VaultSettings {
  /** Such as https://vault.example:8200. */
  readonly address: string;
  readonly token: string;
  readonly namespace?: string | undefined;
  /** Where the Transit engine is mounted. */
  readonly mount: string;
  /** The name of Transit's key. */
  readonly key: string;
}

/**
 * HashiCorp Vault's Transit engine, or OpenBao's, by its HTTP API: `POST /v1/<mount>/encrypt/<key>` and
 * `/decrypt/<key>`. A token needs `update` on these two only. Transit's own key may be rotated there at any
 * time.
 */
export class VaultTransit implements KeyProvider {
  readonly name = 'Vault';

  constructor(private readonly settings: VaultSettings) {}

  async wrap(key: Uint8Array): Promise<string> {
    const plaintext = Buffer.from(key).toString('base64');
    return this.ask('encrypt', { plaintext }, 'ciphertext');
  }

  async unwrap(wrapped: string): Promise<Buffer> {
    return Buffer.from(await this.ask('decrypt', { ciphertext: wrapped }, 'plaintext'), 'base64');
  }

  private async ask(verb: string, body: Record<string, string>, wanted: string): Promise<string> {
    const { address, token, namespace, mount, key } = this.settings;
    const url = `${withoutTrailing(address, '/')}/v1/${mount}/${verb}/${encodeURIComponent(key)}`;
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Vault-Token': token,
          'X-Vault-Request': 'true',
          ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
        },
        body: JSON.stringify(body),
        // A redirect would send the token to another host.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await answer.text();
    } catch (error) {
      throw new KeySourceError(`Vault cannot be reached at ${address}: ${causeOf(error)}`);
    }
    const value = answer.ok ? fieldOf(text, wanted) : undefined;
    if (value === undefined)
      throw new KeySourceError(
        `Vault refuses to ${verb} with ${mount}/${key}: ${reasonOf(answer.status, text)}`,
      );
    return value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function fieldOf(text: string, name: string): string | undefined {
  const value = property(property(parsed(text), 'data'), name);
  return typeof value === 'string' ? value : undefined;
}

/** Vault's own words; its errors hold no plaintext. */
function reasonOf(status: number, text: string): string {
  const errors = property(parsed(text), 'errors');
  const said = Array.isArray(errors) ? errors.join('; ').replace(/\s+/g, ' ').trim().slice(0, 200) : '';
  const hint = HINTS[status];
  return `${status}${said ? ` (${said})` : ''}${hint === undefined ? '' : `. ${hint}.`}`;
}

/** `fetch` reports only that it failed; the reason is its cause. */
function causeOf(error: unknown): string {
  return String(property(property(error, 'cause'), 'message') ?? property(error, 'message') ?? error);
}
