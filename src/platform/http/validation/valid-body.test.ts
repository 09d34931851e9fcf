import { describe, expect, it } from '@jest/globals';
import { IsInt, IsString, Max, Min } from 'class-validator';

import { ProblemError } from '../problem/problem.js';
import { validBody } from './valid-body.js';
import { MayBeAbsent } from './validators.js';

class ParcelDto {
  @IsString()
  name!: string;

  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(9)
  weight?: number;
}

class NoteDto {
  @MayBeAbsent()
  @IsString()
  text?: string;
}

const check = (body: unknown) => validBody(body, ParcelDto);

function errorsOf(body: unknown): unknown {
  try {
    check(body);
  } catch (error) {
    if (error instanceof ProblemError) return error.extras['errors'];
    throw error;
  }
  return 'nothing was refused';
}

describe('a valid body', () => {
  it('makes an instance of the DTO from a valid body', () => {
    const made = check({ name: 'a', weight: 9 });
    expect(made).toBeInstanceOf(ParcelDto);
    expect(made).toEqual({ name: 'a', weight: 9 });
  });

  it('names every wrong field, with its limit', () => {
    expect(errorsOf({ name: 1, weight: 10 })).toEqual([
      { field: 'name', message: 'must be a string' },
      { field: 'weight', message: 'must not be greater than 9', limit: 9 },
    ]);
  });

  it('names unknown fields, even those that every object has', () => {
    expect(errorsOf({ name: 'a', colour: 'red' })).toEqual([
      { field: 'colour', message: 'is not a known field' },
    ]);
    expect(errorsOf({ name: 'a', hasOwnProperty: 1 })).toEqual([
      { field: 'hasOwnProperty', message: 'is not a known field' },
    ]);
  });

  it.each([[[]], ['text'], [1], [true]])('refuses %j as a body', (body) => {
    expect(errorsOf(body)).toEqual([{ field: 'body', message: 'must be a JSON object' }]);
  });

  it('may be empty where nothing is required, and only there', () => {
    expect(errorsOf({})).toEqual([{ field: 'name', message: 'must be a string' }]);
    expect(errorsOf({})).toEqual([{ field: 'name', message: 'must be a string' }]);
    for (const time of ['first', 'again'])
      expect([time, validBody({}, NoteDto)]).toEqual([time, new NoteDto()]);
    expect(() => validBody({ text: 1 }, NoteDto)).toThrow(ProblemError);
  });
});
