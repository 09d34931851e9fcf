import { Redis } from 'ioredis';

import type { CommandTransports, ScriptArgument } from '../client/command-transport.js';
import { ServerTransport } from '../client/server.transport.js';
import { toStoreError } from '../redis.errors.js';
import type { ArgumentKinds, Script, ScriptArguments, ScriptKeys, ScriptReply } from './define-script.js';

/** Runs scripts: the process' connection, or that of a thread. */
export interface Scripts {
  /** Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is away, storage_full */
  run<K extends string, A extends ArgumentKinds, R>(
    script: Script<K, A, R>,
    keys: ScriptKeys<NoInfer<K>>,
    args: ScriptArguments<NoInfer<A>>,
  ): Promise<R>;
}

function isScriptLost(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function rethrowStoreError(error: unknown): never {
  throw toStoreError(error);
}

function isReply(value: unknown): value is ScriptReply {
  return Array.isArray(value);
}

function linesTo(client: Redis): CommandTransports {
  const line = new ServerTransport(client);
  return { plain: line, durable: line };
}

function encode(value: string | Buffer | number | boolean | undefined): ScriptArgument {
  if (value === undefined) return '';
  return typeof value === 'boolean' ? (value ? '1' : '0') : value;
}

/**
 * Runs scripts by their hash, one round trip each; a server that lost its script cache gets the source again.
 */
export class ScriptRunner implements Scripts {
  private readonly lines: CommandTransports;

  /**
   * @param to one server's connection, or the lines of a connection
   * @param withFlags whether the server takes the `#!lua` line
   * @param observe called with the script's name and its duration in seconds
   * @param guard called with the first key of a gated script before it is sent; throws what refuses it
   */
  constructor(
    to: Redis | CommandTransports,
    private readonly withFlags: boolean,
    private readonly observe: (name: string, seconds: number) => void,
    private readonly guard?: (key: string) => void,
  ) {
    this.lines = to instanceof Redis ? linesTo(to) : to;
  }

  async run<K extends string, A extends ArgumentKinds, R>(
    script: Script<K, A, R>,
    keys: ScriptKeys<NoInfer<K>>,
    args: ScriptArguments<NoInfer<A>>,
  ): Promise<R> {
    const { sha, text } = this.withFlags ? script.source : script.sourceWithoutFlags;
    const sent: ScriptArgument[] = [sha, script.keys.length];
    for (const key of script.keys) sent.push(keys[key]);
    for (const name of script.argNames) sent.push(encode(args[name as keyof A]));
    const line = script.durable ? this.lines.durable : this.lines.plain;
    const { guard } = this;
    const check = script.gated === true && guard ? () => guard(String(sent[2])) : undefined;
    const started = performance.now();
    let reply: unknown;
    try {
      reply = await line.send('evalsha', sent, check);
    } catch (error) {
      if (!isScriptLost(error)) throw toStoreError(error);
      reply = await line.send('eval', [text, ...sent.slice(1)], check).catch(rethrowStoreError);
    }
    this.observe(script.name, (performance.now() - started) / 1000);
    if (!isReply(reply)) throw new TypeError(`script ${script.name} did not answer with an array`);
    return script.parse(reply);
  }
}
