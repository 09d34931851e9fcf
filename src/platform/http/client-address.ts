import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { compile } from '@fastify/proxy-addr';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { parseIpAddress } from '../../common/ip-address.js';

/** Trust in the forwarding headers. */
export interface TrustedProxies {
  /** Whether the connection itself comes from a trusted proxy. */
  isPeer(request: IncomingMessage): boolean;
  /** The address of the client in one spelling, see parseIpAddress; '' where the connection has none. */
  clientOf(request: IncomingMessage): string;
}

/** A connection has one peer, so its address is parsed once. */
const peers = new WeakMap<Socket, string>();

function peerOf({ socket }: IncomingMessage): string {
  const known = peers.get(socket);
  if (known !== undefined) return known;
  const peer = parseIpAddress(socket.remoteAddress ?? '') ?? '';
  peers.set(socket, peer);
  return peer;
}

/** @param trustProxy TRUST_PROXY, as its schema has checked it; undefined trusts no proxy */
export function trustedProxies(trustProxy: string | undefined): TrustedProxies {
  if (trustProxy === undefined) return { isPeer: () => false, clientOf: peerOf };
  const trusted = compile(trustProxy.split(',').map((network) => network.trim()));
  const isTrusted = (address: string): boolean => address !== '' && trusted(address, 0);
  return {
    isPeer: (request) => isTrusted(peerOf(request)),
    clientOf: (request) => {
      const header = request.headers['x-forwarded-for'];
      return clientBehind(peerOf(request), typeof header === 'string' ? header : '', isTrusted);
    },
  };
}

/**
 * Reads X-Forwarded-For from the right: each trusted hop names the one before it. What a hop writes that cannot be
 * parsed counts as that hop: a text must never be a client of its own, which any number of texts would be.
 */
function clientBehind(peer: string, header: string, isTrusted: (address: string) => boolean): string {
  let client = peer;
  let end = header.length;
  while (end > 0 && isTrusted(client)) {
    const comma = header.lastIndexOf(',', end - 1);
    const named = header.slice(comma + 1, end).trim();
    end = comma;
    if (named === '') continue;
    const address = parseIpAddress(named);
    if (address === undefined) return client;
    client = address;
  }
  return client;
}

interface Resolved {
  clientAddress?: string;
}

/** Makes `request.ip` the address of the client everywhere; Fastify itself must trust no proxy (`trustProxy: false`). */
export function resolveClientAddresses(app: FastifyInstance, proxies: TrustedProxies): void {
  // Declared, so that every request has the same shape; resolved once, for the log, the limits and the trail ask.
  app.decorateRequest('clientAddress', undefined);
  app.decorateRequest('ip', {
    getter(this: FastifyRequest & Resolved): string {
      return (this.clientAddress ??= proxies.clientOf(this.raw));
    },
  });
}
