import { webcrypto } from 'node:crypto';
import { TestEnvironment } from 'jest-environment-jsdom';

/** jsdom, plus the parts of the web platform that it lacks and that Node has: streams, WebCrypto, encoders. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const { global: page } = this;
    Object.assign(page, {
      // One realm for bytes: libraries test with instanceof.
      Uint8Array,
      Uint32Array,
      ArrayBuffer,
      TextEncoder,
      TextDecoder,
      ReadableStream,
      WritableStream,
      TransformStream,
      Response,
      structuredClone,
    });
    Object.defineProperty(page, 'crypto', { configurable: true, value: webcrypto });
  }
}
