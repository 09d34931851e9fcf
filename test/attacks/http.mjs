/** Requests from an address of one's choice: all of 127.0.0.0/8 is this machine, and each is a client of its own to the portal. */
import http from 'node:http';

const TIMEOUT_MS = 60_000;

/**
 * @param {string} url with the path
 * @param {{method?: string, from?: string, headers?: Record<string, string>, body?: string | Buffer, json?: unknown}} options
 *   `from`: the client's own address
 * @returns {Promise<{status: number, headers: http.IncomingHttpHeaders, text: string, ms: number}>} status 0 for a connection that broke
 *   or was silent for a minute
 */
export function ask(url, { method = 'GET', from = '127.0.0.1', headers = {}, body, json } = {}) {
  const payload = json === undefined ? body : JSON.stringify(json);
  const described = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) };
  const typed = json === undefined ? {} : { 'content-type': 'application/json' };
  const since = performance.now();
  return new Promise((done) => {
    const resolve = (answer) => done({ ...answer, ms: performance.now() - since });
    const broken = (error) => resolve({ status: 0, headers: {}, text: String(error) });
    const options = {
      method,
      localAddress: from,
      agent: false,
      headers: { ...described, ...typed, ...headers },
    };
    const request = http.request(url, options, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', broken);
      response.on('end', () => {
        const { statusCode: status, headers: answered } = response;
        resolve({ status, headers: answered, text: Buffer.concat(pieces).toString() });
      });
    });
    request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error('timeout')));
    request.on('error', broken);
    request.end(payload);
  });
}

/** @returns {Promise<void>} once `work(n)` has run for every n below `count`, `side` of them side by side */
export async function sideBySide(count, side, work) {
  let next = 0;
  const one = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: side }, one));
}

/** A form as curl writes it. @param {readonly {name: string, filename?: string, body: string | Buffer}[]} parts */
export function formOf(parts, boundary = 'b0undary') {
  const pieces = parts.flatMap(({ name, filename, body }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(body), Buffer.from('\r\n')];
  });
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** How often each status was answered: `201: 3, 429: 12`. */
export function tally(answers) {
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} x ${status || 'broken'}`).join(', ');
}
