import { Body, Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';

import { validationFailed } from './common.errors.js';
import type { FieldProblem } from './problem.js';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
};

function limitIn(message: string): number | undefined {
  const found = /(\d+)/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

function toFieldProblem(error: ValidationError): FieldProblem {
  // Decorators run from the lowest up: the last refusal is the topmost rule, which says what the value should be.
  const [rule, message = 'is not valid'] = Object.entries(error.constraints ?? {}).at(-1) ?? [];
  if (rule === 'whitelistValidation') return { field: error.property, message: 'is not a known field' };
  const text = message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message;
  const limit = limitIn(text);
  return limit === undefined
    ? { field: error.property, message: text }
    : { field: error.property, message: text, limit };
}

/**
 * Validates a JSON body against the class-validator rules of its DTO. Unlike Nest's ValidationPipe it builds the
 * instance by assignment: class-transformer would cost more than the rest of the request.
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    if (!metatype) throw new TypeError('a body parameter needs its DTO as type');
    return this.validate(value ?? {}, metatype);
  }

  private validate(body: unknown, dto: Type<object>): object {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw validationFailed([{ field: 'body', message: 'must be a JSON object' }]);
    }
    // class-validator does not see fields with these names, or takes them for parts of the class.
    const shadowing = Object.keys(body).filter((name) => name in Object.prototype);
    if (shadowing.length > 0) {
      throw validationFailed(shadowing.map((field) => ({ field, message: 'is not a known field' })));
    }
    const instance = Object.assign(new dto(), body);
    const errors = validateSync(instance, OPTIONS);
    if (errors.length > 0) throw validationFailed(errors.map(toFieldProblem));
    return instance;
  }
}

const pipe = new DtoPipe();

/** The body of a request, checked against the DTO that the parameter names. Use it wherever Nest says `@Body()`. */
export const ValidBody = (): ParameterDecorator => Body(pipe);
