import http from 'node:http';

export interface Fetching {
  readonly method?: 'GET' | 'HEAD';
  readonly claim?: string;
  readonly index?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut after at least this number of bytes of the body. */
  readonly cutAfter?: number;
  /** Told how many bytes of the body have come. */
  readonly onProgress?: (bytes: number) => void;
  /** The reader takes no more than that. */
  readonly bytesPerSecond?: number;
}

export interface Fetched {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Whether the client may take it for all that was promised. */
  readonly whole: boolean;
  /** Of a problem; undefined for files. */
  readonly code: string | undefined;
}

function codeOf(type: string | undefined, bytes: Buffer): string | undefined {
  if (!type?.startsWith('application/problem+json') || bytes.length === 0) return undefined;
  const { code } = JSON.parse(bytes.toString()) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** One request for files on a connection of its own. A connection that breaks is an answer, too. */
export function fetchFiles(url: string, id: string, fetching: Fetching = {}): Promise<Fetched> {
  const {
    method = 'GET',
    claim,
    index,
    headers = {},
    cutAfter,
    onProgress,
    bytesPerSecond = Infinity,
  } = fetching;
  const path = `${url}/api/v1/files/${id}${index === undefined ? '' : `/${index}`}`;
  const sent = { ...(claim !== undefined && { 'x-claim': claim }), ...headers };
  return new Promise((resolve, reject) => {
    let answering = false;
    const request = http.request(path, { method, headers: sent, agent: false }, (response) => {
      answering = true;
      const pieces: Buffer[] = [];
      let got = 0;
      const began = performance.now();
      const { statusCode: status = 0, headers: answered } = response;
      const end = (whole: boolean): void => {
        const bytes = Buffer.concat(pieces);
        resolve({ status, headers: answered, bytes, whole, code: codeOf(answered['content-type'], bytes) });
      };
      response.on('data', (piece: Buffer) => {
        pieces.push(piece);
        got += piece.length;
        onProgress?.(got);
        const early = (got / bytesPerSecond) * 1_000 - (performance.now() - began);
        if (early > 10) {
          response.pause();
          setTimeout(() => response.resume(), early);
        }
        if (cutAfter !== undefined && got >= cutAfter) request.destroy();
      });
      response.on('end', () => end(true));
      response.on('error', () => end(false));
    });
    request.on('error', (error) => {
      if (!answering) reject(error);
    });
    request.end();
  });
}
