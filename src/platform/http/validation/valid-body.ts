import type { FieldProblem } from '@burnbag/contract';
import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtension, ApiExtraModels } from '@nestjs/swagger';
import {
  getMetadataStorage,
  validateSync,
  type ValidationError,
  type ValidatorOptions,
} from 'class-validator';

import { notInCharset, validationFailed } from '../problem/common.errors.js';

/** OpenAPI extension of an operation, until the document is completed: the name of its query's DTO. */
export const QUERY_MODEL = 'x-query-model';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
};

/**
 * class-validator collects the rules of a class again for each object, from the rules of all classes: 4% of a
 * request, and more with every class. The rules do not change after the declaration, so they are cached.
 */
function findRulesOnce(storage: ReturnType<typeof getMetadataStorage>): void {
  type Rules = ReturnType<typeof storage.getTargetValidationMetadatas>;
  const rulesOf = new Map<unknown, Rules>();
  const groupedOf = new WeakMap<Rules, ReturnType<typeof storage.groupByPropertyName>>();
  const find = storage.getTargetValidationMetadatas.bind(storage);
  const group = storage.groupByPropertyName.bind(storage);
  storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    if (schema || always || strictGroups || groups) return find(target, schema, always, strictGroups, groups);
    const rules = rulesOf.get(target) ?? find(target, schema, always, strictGroups);
    rulesOf.set(target, rules);
    return rules;
  };
  storage.groupByPropertyName = (rules) => {
    const grouped = groupedOf.get(rules) ?? group(rules);
    groupedOf.set(rules, grouped);
    return grouped;
  };
}
findRulesOnce(getMetadataStorage());

/** More than any DTO declares. A body with more is refused without checking each field. */
const FIELDS_MAX = 64;

function limitIn(message: string): number | undefined {
  const found = /(\d+)/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

function toFieldProblem(error: ValidationError): FieldProblem {
  // Decorators run from the bottom up: the last refusal is the topmost rule, which describes the expected
  // value.
  const [rule, message = 'is not valid'] = Object.entries(error.constraints ?? {}).at(-1) ?? [];
  if (rule === 'whitelistValidation') return { field: error.property, message: 'is not a known field' };
  const text = message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message;
  const limit = limitIn(text);
  return limit === undefined
    ? { field: error.property, message: text }
    : { field: error.property, message: text, limit };
}

/** DTOs without required fields: known after the first empty body. */
const optional = new WeakMap<Type<object>, boolean>();

function mayBeEmpty(dto: Type<object>): boolean {
  let may = optional.get(dto);
  if (may === undefined) {
    may = validateSync(new dto(), OPTIONS).length === 0;
    optional.set(dto, may);
  }
  return may;
}

/**
 * Validates a JSON body against the class-validator rules of its DTO. Unlike Nest's ValidationPipe it builds the
 * instance by assignment: class-transformer would cost more than the rest of the request.
 * @throws ProblemError validation_failed that names every wrong field
 */
export function validBody<T extends object>(body: unknown, dto: Type<T>): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw validationFailed([{ field: 'body', message: 'must be a JSON object' }]);
  }
  const names = Object.keys(body);
  if (names.length > FIELDS_MAX) {
    throw validationFailed([
      { field: 'body', message: `must have at most ${FIELDS_MAX} fields`, limit: FIELDS_MAX },
    ]);
  }
  if (names.length === 0 && mayBeEmpty(dto)) return new dto();
  // class-validator ignores fields with these names, or treats them as parts of the class.
  const shadowing = names.filter((name) => name in Object.prototype);
  if (shadowing.length > 0) {
    throw validationFailed(shadowing.map((field) => ({ field, message: 'is not a known field' })));
  }
  const instance = Object.assign(new dto(), body);
  const errors = validateSync(instance, OPTIONS);
  if (errors.length > 0) throw validationFailed(errors.map(toFieldProblem));
  return instance;
}

/**
 * The body of a request, checked against a DTO. Use it instead of Nest's `@Body()`, with `@ApiBody`: a
 * parameter decorator instead of a pipe, because every pipe costs a request five promises.
 */
export const ValidBody = createParamDecorator((dto: Type<object>, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
  // A body of `null` is a mistake of the client; only an absent one counts as empty.
  return validBody(body === undefined ? {} : body, dto);
});

/**
 * Fastify leaves invalid UTF-8 escapes as they are, so they would be part of the search.
 * @throws ProblemError validation_failed that names the parameter
 */
function requireReadable(url: string): void {
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('%', start)) return;
  for (const parameter of url.slice(start + 1).split('&')) {
    try {
      decodeURIComponent(parameter);
    } catch {
      throw notInCharset(parameter.split('=', 1)[0] ?? 'query');
    }
  }
}

const CheckedQuery = createParamDecorator((dto: Type<object>, context: ExecutionContext) => {
  const { query, url } = context.switchToHttp().getRequest<{ query?: unknown; url: string }>();
  requireReadable(url);
  return validBody(query ?? {}, dto);
});

/**
 * The query of a request, checked in the same way, and described by its DTO in the OpenAPI document. Its values are
 * text: a parameter that comes twice is refused.
 */
export const ValidQuery =
  (dto: Type<object>): ParameterDecorator =>
  (controller, handler, index) => {
    CheckedQuery(dto)(controller, handler, index);
    applyDecorators(ApiExtraModels(dto), ApiExtension(QUERY_MODEL, dto.name))(
      controller,
      handler ?? '',
      Object.getOwnPropertyDescriptor(controller, handler ?? ''),
    );
  };
