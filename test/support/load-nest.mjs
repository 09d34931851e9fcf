// Nest 12 is ESM and the throttler CommonJS: evaluating Nest first avoids a require() of a module still being linked.
await import('reflect-metadata');
await import('@nestjs/common');
await import('@nestjs/core');
