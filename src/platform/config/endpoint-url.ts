/** A parsed URL of a server. Name and password are decoded. */
export interface EndpointUrl {
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Without the brackets of IPv6; '' only when the rules allow it. */
  readonly host: string;
  readonly port: number | undefined;
  /** '' or from the first slash on, as written. */
  readonly path: string;
  readonly hasQuery: boolean;
}

export interface EndpointRules {
  readonly schemes: readonly string[];
  /** Paths that may follow the host. */
  readonly path: 'any' | 'none' | 'database number';
  /** @default false */
  readonly login?: boolean;
  /** @default false */
  readonly query?: boolean;
  /** A host that is empty or a path of a Unix socket, as PostgreSQL has it. @default false */
  readonly socket?: boolean;
}

/** The fault of a URL. The message never holds any part of it. */
class EndpointUrlError extends Error {
  override name = 'EndpointUrlError';
}

const PARTS =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?(\[[0-9a-f:.]+\]|[a-z0-9._~%-]*)(?::(\d{1,5}))?(\/[^?#@]*)?(?:\?([^#@]*))?$/i;
const ESCAPES = /^(?:[^%]|%[0-9a-f]{2})*$/i;
const DATABASE_NUMBER = /^\/\d{1,5}$/;
const PORT_MOST = 65_535;
const HINT = 'in a name or password, write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new EndpointUrlError(`has an escape with % that is not UTF-8: ${HINT}`);
  }
}

/**
 * Reads the URL of a server strictly: a part of a password must never be read as a host, a port or a
 * database.
 * @throws EndpointUrlError
 */
export function parseEndpointUrl(raw: string, rules: EndpointRules): EndpointUrl {
  const { schemes, login = false, query = false, socket = false } = rules;
  if (!schemes.some((each) => raw.toLowerCase().startsWith(`${each}://`))) {
    const starts = schemes.map((each) => `${each}://`).join(' or ');
    throw new EndpointUrlError(`must be an absolute URL starting with ${starts}`);
  }
  const hint = login ? `: ${HINT}` : '';
  const [, scheme = '', user, hostname = '', port, path = '', search] = PARTS.exec(raw) ?? [];
  if (scheme === '' || /[^\x21-\x7e]/.test(raw)) {
    throw new EndpointUrlError(`is ambiguous as a URL${hint}`);
  }
  if (!ESCAPES.test(raw)) throw new EndpointUrlError(`has a % without an escape${hint}`);
  if (hostname === '' && !socket) throw new EndpointUrlError('must name a host');
  if (hostname.includes('%') && !socket) throw new EndpointUrlError(`must not escape the host${hint}`);
  if (port !== undefined && (Number(port) < 1 || Number(port) > PORT_MOST)) {
    throw new EndpointUrlError(`must have a port from 1 to ${PORT_MOST}`);
  }
  if (user !== undefined && !login) throw new EndpointUrlError('must hold no name or password');
  if (search !== undefined && !query) throw new EndpointUrlError('must have no query (?...)');
  requirePath(path, rules);
  const [name = '', ...rest] = user?.split(':') ?? [];
  if (rest.length > 1) throw new EndpointUrlError(`has more than one : in name and password${hint}`);
  return {
    scheme: scheme.toLowerCase(),
    username: decoded(name) || undefined,
    password: decoded(rest[0] ?? '') || undefined,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === undefined ? undefined : Number(port),
    path,
    hasQuery: search !== undefined,
  };
}

function requirePath(path: string, { path: allowed }: EndpointRules): void {
  if (path === '' || path === '/' || allowed === 'any') return;
  if (allowed === 'none') throw new EndpointUrlError('must have no path');
  if (!DATABASE_NUMBER.test(path)) {
    throw new EndpointUrlError('must end with the host and port, or with /N, the number of a database');
  }
}

/** For `check` of a setting. @returns the fault; undefined when there is none */
export function endpointUrl(rules: EndpointRules): (raw: string) => string | undefined {
  return (raw) => {
    try {
      parseEndpointUrl(raw, rules);
      return undefined;
    } catch (error) {
      if (error instanceof EndpointUrlError) return error.message;
      throw error;
    }
  };
}
