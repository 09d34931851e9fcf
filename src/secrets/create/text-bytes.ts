import type { TextBytesReader } from '../../platform/route/route-limit.js';

/** The bytes of a creation's content; decodes base64url when it is sealed. */
export const textBytesIn: TextBytesReader = ({ body }) => {
  const content = typeof body === 'object' && body !== null && 'content' in body ? body.content : undefined;
  return typeof content === 'string' ? Buffer.byteLength(content, 'utf8') : 0;
};
