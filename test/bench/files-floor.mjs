/**
 * The floor of files: bare Fastify that streams a body to the disk and back, and nothing else. Like `cp`, it does not
 * wait for the disk, which the portal does.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import fastify from 'fastify';

const path = join(process.env.DATA_DIR, 'file');
const app = fastify({ logger: false, bodyLimit: Number.MAX_SAFE_INTEGER });
app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

app.post('/file', (request) =>
  pipeline(request.body, createWriteStream(path)).then(() => ({ stored: true })),
);
app.get('/file', (_request, reply) =>
  reply.type('application/octet-stream').send(createReadStream(path, { highWaterMark: 65_536 })),
);

const url = await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write(`the floor is ready at ${url}\n`);
process.on('SIGTERM', () => process.exit(0));
