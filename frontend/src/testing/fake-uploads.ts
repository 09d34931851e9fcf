import { AxiosError, type AxiosAdapter, type AxiosResponse } from 'axios';
import { type Answer, answers, type FakeServer } from './fake-server';

/** Bytes that the server keeps at a time, as the real one does. */
const CHUNK = 65_536;

interface Held {
  length: number;
  bytes: Uint8Array;
}

/** Action of a test on a request: answer it, break it (after a number of bytes), or nothing. */
type Trouble = Answer | 'broken' | { cutAfter: number } | undefined;

/** jsdom's blobs cannot be read but by its FileReader. */
export function readBlob(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as ArrayBuffer));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsArrayBuffer(blob);
  });
}

/** A server for tus uploads in memory, in front of a {@link FakeServer} for everything else. */
export class FakeUploads {
  readonly held = new Map<string, Held>();
  /** "POST", "HEAD", "PATCH 0", "DELETE" in order. */
  readonly log: string[] = [];
  /** The bodies of every PATCH, whether it arrived or not. */
  readonly bodies: Uint8Array[] = [];
  trouble: (line: string) => Trouble | Promise<Trouble> = () => undefined;
  private made = 0;

  constructor(server: FakeServer) {
    Object.assign(server, { adapter: this.adapterBefore(server.adapter) });
  }

  /** The upload that there is. @throws unless there is just one */
  get only(): Held {
    const [one, ...more] = this.held.values();
    if (!one || more.length > 0) throw new Error(`${this.held.size} uploads`);
    return one;
  }

  private adapterBefore(rest: AxiosAdapter): AxiosAdapter {
    return async (config) => {
      const match = /^\/api\/v1\/uploads(?:\/([^/]+))?$/.exec(config.url ?? '');
      if (!match) return rest(config);
      const method = (config.method ?? 'get').toUpperCase();
      const offset = config.headers.get('Upload-Offset');
      const line = offset === undefined || offset === null ? method : `${method} ${String(offset)}`;
      this.log.push(line);
      const given: unknown = config.data;
      const body = given instanceof Blob ? new Uint8Array(await readBlob(given)) : new Uint8Array();
      if (method === 'PATCH') this.bodies.push(body);
      const trouble = await this.trouble(line);
      if (config.signal?.aborted) throw new AxiosError('canceled', 'ERR_CANCELED', config);
      if (typeof trouble === 'object' && 'cutAfter' in trouble) {
        this.append(match[1] ?? '', Number(offset), body.subarray(0, trouble.cutAfter));
        throw new AxiosError('Network Error', 'ERR_NETWORK', config);
      }
      if (trouble === 'broken') throw new AxiosError('Network Error', 'ERR_NETWORK', config);
      const {
        status,
        headers = {},
        body: data,
      } = trouble ?? this.answer(method, match[1], offset, body, config);
      const response: AxiosResponse = { data, status, statusText: '', headers, config };
      if (config.validateStatus?.(status) ?? status < 400) return response;
      throw new AxiosError('Refused', 'ERR_BAD_REQUEST', config, undefined, response);
    };
  }

  private answer(
    method: string,
    id: string | undefined,
    offset: unknown,
    body: Uint8Array,
    config: Parameters<AxiosAdapter>[0],
  ): Answer {
    if (id === undefined) {
      const name = `0000000${(this.made += 1)}-0000-4000-8000-000000000000`;
      this.held.set(name, { length: Number(config.headers.get('Upload-Length')), bytes: new Uint8Array() });
      return { status: 201, headers: { location: `https://burn.example/api/v1/uploads/${name}` } };
    }
    const held = this.held.get(id);
    if (!held) return answers.problem(404, 'upload_not_found');
    const place = { 'upload-offset': String(held.bytes.length), 'upload-length': String(held.length) };
    if (method === 'HEAD') return { status: 200, headers: place };
    if (method === 'DELETE') {
      this.held.delete(id);
      return { status: 204 };
    }
    if (Number(offset) !== held.bytes.length) return answers.problem(409, 'upload_conflict');
    config.onUploadProgress?.({ loaded: body.length, bytes: body.length, lengthComputable: true });
    this.append(id, Number(offset), body);
    return { status: 204, headers: { 'upload-offset': String(held.bytes.length) } };
  }

  /** Keeps whole chunks only, and the end. */
  private append(id: string, offset: number, body: Uint8Array): void {
    const held = this.held.get(id);
    if (!held || offset !== held.bytes.length) return;
    const end = offset + body.length;
    const kept = end === held.length ? end : Math.floor(end / CHUNK) * CHUNK;
    held.bytes = Buffer.concat([held.bytes, body.subarray(0, kept - offset)]);
  }
}
