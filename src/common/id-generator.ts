import { randomUUID } from 'node:crypto';

/** Source of identifiers; injected, so that a test can fix them. */
export interface IdGenerator {
  /** A random UUID v4. */
  secretId(): string;
}
export const ID_GENERATOR = Symbol('IdGenerator');
export const randomIds: IdGenerator = { secretId: () => randomUUID() };
