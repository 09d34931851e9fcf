import { createHash } from 'node:crypto';

import { Redis } from 'ioredis';

import type { CommandTransports, ScriptArgument } from '../client/command-transport.js';
import { ServerTransport } from '../client/server.transport.js';
import { toStoreError } from '../redis.errors.js';
import { loadScript } from './script-loader.js';

export type { ScriptArgument } from '../client/command-transport.js';
/** Reply of a script: a tag and its values, as Redis sends them. */
export type ScriptReply = readonly (Buffer | number)[];

/** One of our Lua scripts with its typed reply. */
export interface ScriptDefinition<R> {
  readonly name: string;
  /** URL of the folder that holds `<name>.lua`, or of a module in it. */
  readonly from: string;
  readonly keys: number;
  readonly parse: (reply: ScriptReply) => R;
  /** Answered only when BURN_QUORUM replicas hold its writes. */
  readonly durable?: boolean;
  /**
   * Refused unless the server is known to be as far as the audit trail: it may hold an old state of secrets.
   */
  readonly gated?: boolean;
}

interface Loaded {
  readonly source: string;
  readonly sha: string;
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

/**
 * Runs scripts by their hash, one round trip each; a server that lost its script cache gets the source again.
 */
export class ScriptRunner {
  private readonly loaded = new Map<string, Loaded>();
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

  /** @throws ProblemError store_unavailable when Redis is away, storage_full; ScriptFaultError */
  async run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R> {
    const { sha, source } = this.load(script);
    const line = script.durable ? this.lines.durable : this.lines.plain;
    const { guard } = this;
    const check = script.gated === true && guard ? () => guard(String(keysAndArgs[0])) : undefined;
    const started = performance.now();
    let reply: unknown;
    try {
      reply = await line.send('evalsha', [sha, script.keys, ...keysAndArgs], check);
    } catch (error) {
      if (!isScriptLost(error)) throw toStoreError(error);
      reply = await line.send('eval', [source, script.keys, ...keysAndArgs], check).catch(rethrowStoreError);
    }
    this.observe(script.name, (performance.now() - started) / 1000);
    if (!isReply(reply)) throw new TypeError(`script ${script.name} did not answer with an array`);
    return script.parse(reply);
  }

  private load({ name, from }: ScriptDefinition<unknown>): Loaded {
    const found = this.loaded.get(name);
    if (found) return found;
    const source = loadScript(name, from, this.withFlags);
    const made = { source, sha: createHash('sha1').update(source).digest('hex') };
    this.loaded.set(name, made);
    return made;
  }
}
