import { expect } from '@jest/globals';

import type { Answer } from './client.js';

const MEMBERS = { type: expect.any(String), title: expect.any(String), detail: expect.any(String) };

/** Every refusal has the same form, whatever its source. */
export function expectProblem(answer: Answer, status?: number, code?: string): void {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    ...MEMBERS,
    status: answer.status,
    code: expect.stringMatching(/^[a-z_]+$/),
  });
  expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.body.type).toBe(`urn:burnbag:error:${String(answer.body.code)}`);
  if (status !== undefined) expect(answer.status).toBe(status);
  if (code !== undefined) expect(answer.body.code).toBe(code);
}

/** A 400 that names the field. */
export function expectField(answer: Answer, field: string, limit?: number): void {
  expectProblem(answer, 400, 'validation_failed');
  const named = { field, message: expect.any(String), ...(limit !== undefined && { limit }) };
  expect(answer.body.errors).toContainEqual(expect.objectContaining(named));
}
