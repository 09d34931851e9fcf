import { createHash } from 'node:crypto';

import type { Writable } from 'node:stream';

import { Command, type Redis } from 'ioredis';

import { toStoreError } from './redis.errors.js';
import { loadScript } from './script-loader.js';

export type ScriptArgument = string | number | Buffer;
/** What a script answers: a tag and its values, as Redis sends them. */
export type ScriptReply = readonly (Buffer | number)[];

/** A Lua script of ours with its typed reply. */
export interface ScriptDefinition<R> {
  readonly name: string;
  readonly keys: number;
  readonly parse: (reply: ScriptReply) => R;
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

function uncork(stream: Writable): void {
  stream.uncork();
}

/** Runs scripts by their hash, one round trip each; a server that lost its script cache gets the source again. */
export class ScriptRunner {
  private readonly loaded = new Map<string, Loaded>();

  /**
   * @param withFlags whether the server takes the `#!lua` line
   * @param observe called with the script's name and its duration in seconds
   */
  constructor(
    private readonly client: Redis,
    private readonly withFlags: boolean,
    private readonly observe: (name: string, seconds: number) => void,
  ) {}

  /** @throws ProblemError store_unavailable when Redis is away or full; ScriptFaultError */
  async run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R> {
    const { sha, source } = this.load(script.name);
    const started = performance.now();
    let reply: unknown;
    try {
      reply = await this.send('evalsha', [sha, script.keys, ...keysAndArgs]);
    } catch (error) {
      if (!isScriptLost(error)) throw toStoreError(error);
      reply = await this.send('eval', [source, script.keys, ...keysAndArgs]).catch(rethrowStoreError);
    }
    this.observe(script.name, (performance.now() - started) / 1000);
    if (!isReply(reply)) throw new TypeError(`script ${script.name} answered no array`);
    return script.parse(reply);
  }

  private send(name: 'eval' | 'evalsha', args: ScriptArgument[]): Promise<unknown> {
    this.batchWrites();
    // Built by hand: what `call` and its like do with their arguments costs as much again.
    const command = new Command(name, args, { replyEncoding: null });
    this.client.sendCommand(command);
    return command.promise;
  }

  /**
   * Holds back the socket until the event loop has heard everybody who is there now, so that the commands of many
   * requests leave in one write. Costs a lone command nothing; ioredis' own auto-pipelining costs it 42%.
   */
  private batchWrites(): void {
    const { stream } = this.client;
    if (!stream || stream.writableCorked > 0) return;
    stream.cork();
    setImmediate(uncork, stream);
  }

  private load(name: string): Loaded {
    const found = this.loaded.get(name);
    if (found) return found;
    const source = loadScript(name, this.withFlags);
    const made = { source, sha: createHash('sha1').update(source).digest('hex') };
    this.loaded.set(name, made);
    return made;
  }
}
