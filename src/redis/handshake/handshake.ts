import type { Command, Redis } from 'ioredis';

import type { RedisTarget } from '../../platform/config/redis-target.js';

/** The server refused a step of the connection. The message says what to set. */
export class RedisHandshakeError extends Error {
  override name = 'RedisHandshakeError';
}

/** Settings to name in the error when a step is refused. */
export interface HandshakeSettings {
  /** Name and password. */
  readonly login: string;
  /** Setting that holds the database number. */
  readonly database: string;
}

export function handshakeSettings({ mode }: RedisTarget): HandshakeSettings {
  switch (mode) {
    case 'single':
      return { login: 'REDIS_URL', database: 'REDIS_URL' };
    case 'sentinel':
      return { login: 'REDIS_USERNAME and REDIS_PASSWORD', database: 'REDIS_URLS' };
    case 'cluster':
      return { login: 'REDIS_URLS', database: 'REDIS_URLS' };
  }
}

/** Internal state of ioredis: whether the connection is still being set up. */
interface Connecting {
  readonly condition?: { readonly handshake?: boolean };
}

/** ioredis then continues with RESP2 and sends the login again. */
function isOldProtocol(reply: string): boolean {
  return /NOPROTO|unknown command .*hello/i.test(reply);
}

function refusalOf(command: Command, reply: string, settings: HandshakeSettings): string | undefined {
  switch (command.name) {
    case 'hello':
      return isOldProtocol(reply)
        ? undefined
        : `Redis refuses the login (${reply}): check ${settings.login}, and the ACL of that user`;
    case 'auth':
      return `Redis refuses the login (${reply}): check ${settings.login}, and the ACL of that user`;
    case 'select':
      return `Redis refuses the database (${reply}): set one in ${settings.database} that exists and that its user may SELECT, or none`;
    case 'readonly':
      return `Redis refuses READONLY (${reply}): grant it to the user of ${settings.login}`;
    case 'client':
      return String(command.args[0]).toLowerCase() === 'setname'
        ? `Redis refuses CLIENT SETNAME (${reply}): grant client|setname to the user of ${settings.login}`
        : undefined;
    default:
      return undefined;
  }
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** ioredis treats a server whose INFO reply holds NOPERM as ready, before it reports the error. */
function refuseInfo(command: Command, { login }: HandshakeSettings): void {
  const reject = command.reject.bind(command);
  command.reject = (error) => {
    const refusal = new RedisHandshakeError(`Redis refuses INFO: grant it to the user of ${login}`);
    reject(isReply(error) ? refusal : error);
  };
}

/**
 * Ends a connection at the first handshake step that the server refuses, before it counts as ready. ioredis
 * itself would go on without the database, the login or the name that it was told to use.
 * @param client not connected yet @returns the client
 */
export function requireHandshake(client: Redis, settings: HandshakeSettings): Redis {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    const isStep = (client as unknown as Connecting).condition?.handshake === true;
    const { stream: socket } = client;
    if (isStep && command.name === 'info') refuseInfo(command, settings);
    const sent = send(command, stream);
    if (isStep) {
      command.promise.catch((error: unknown) => {
        // Any other error is a broken connection, not a reply of the server; ioredis handles it itself.
        if (!isReply(error)) return;
        const refusal = refusalOf(command, error.message, settings);
        if (refusal !== undefined) socket.destroy(new RedisHandshakeError(refusal));
      });
    }
    return sent;
  };
  return client;
}
