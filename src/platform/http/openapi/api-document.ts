import { API_BASE, SECRET_ID_PATTERN } from '@burnbag/contract';
import type { OpenAPIObject } from '@nestjs/swagger';

import { QUERY_MODEL } from '../validation/valid-body.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

/** What the operator has set of the limits that the document states. */
export interface StatedLimits {
  readonly ttlMaxSeconds: number;
  readonly fileCountMax: number;
}

const UUIDS = new Set(['id', 'uploadId']);
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;
/** Routes that make a secret; a `ttlSeconds` elsewhere is that of an API token. */
const CREATIONS = new Set(
  ['/secrets', '/files', '/uploads/{uploadId}/complete'].map((path) => `${API_BASE}${path}`),
);
const INT32_MAX = 2 ** 31 - 1;

/**
 * Says what Nest's document leaves out: that a parameter with a format is a string, path parameters of a handler with
 * two paths, that a body must have no other fields, that every number of this API is whole, and the limits of this
 * installation.
 */
export function completed(document: OpenAPIObject, limits: StatedLimits): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  const queryModels = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      queryModels.add(describeQuery(operation, schemas));
      completeParameters(path, operation);
      for (const body of bodiesOf(document, operation)) {
        body.additionalProperties = false;
        if (CREATIONS.has(path)) limitCreation(body, limits);
      }
    }
  }
  for (const name of queryModels) delete schemas[name];
  for (const schema of Object.values(schemas)) {
    if (!isReference(schema)) countInWholeNumbers(schema);
  }
  return document;
}

/** Turns the DTO that `ValidQuery` left into parameters, which Nest does for its own decorator only. @returns its name */
function describeQuery(operation: Operation, schemas: Schemas): string {
  const name = String(Reflect.get(operation, QUERY_MODEL) ?? '');
  Reflect.deleteProperty(operation, QUERY_MODEL);
  const model = schemas[name];
  if (model === undefined || isReference(model)) return name;
  for (const [field, { description, example, ...schema }] of Object.entries(model.properties ?? {}) as [
    string,
    Schema,
  ][]) {
    const required = model.required?.includes(field) ?? false;
    (operation.parameters ??= []).push({
      name: field,
      in: 'query',
      required,
      schema,
      ...(description !== undefined && { description }),
      ...(example !== undefined && example !== null && { example }),
    });
  }
  return name;
}

function completeParameters(path: string, operation: Operation): void {
  const parameters = (operation.parameters ??= []);
  for (const parameter of parameters) {
    if (!('schema' in parameter) || !parameter.schema || '$ref' in parameter.schema) continue;
    const { schema } = parameter;
    schema.type ??= 'string';
    if (parameter.in === 'path' && UUIDS.has(parameter.name) && schema.format === 'uuid')
      schema.pattern ??= SECRET_ID_PATTERN;
  }
  const declared = new Set(parameters.map((each) => ('name' in each ? each.name : '')));
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    if (declared.has(name)) continue;
    parameters.push({ name, in: 'path', required: true, schema: { type: 'string' } });
  }
}

function isReference(schema: Schemas[string]): schema is { $ref: string } {
  return '$ref' in schema;
}

/** The schemas that declare the fields of a request's body, and those of the objects in its lists. */
function bodiesOf({ components }: OpenAPIObject, { requestBody }: Operation): Schema[] {
  if (!requestBody || !('content' in requestBody)) return [];
  const named = (schema: Schemas[string]): Schema[] => {
    if (!isReference(schema)) return schema.type === 'object' ? [schema] : [];
    const found = components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')];
    return found && !isReference(found) ? [found] : [];
  };
  const bodies = Object.values(requestBody.content).flatMap(({ schema }) => {
    if (!schema) return [];
    return (isReference(schema) ? [schema] : (schema.allOf ?? [schema])).flatMap(named);
  });
  const fields = bodies.flatMap(({ properties }) => Object.values(properties ?? {}));
  const listed = fields.flatMap((field) => (isReference(field) || !field.items ? [] : named(field.items)));
  return [...bodies, ...listed];
}

function limitCreation({ properties }: Schema, { ttlMaxSeconds, fileCountMax }: StatedLimits): void {
  const limits = {
    ttlSeconds: { maximum: ttlMaxSeconds },
    files: { maxItems: fileCountMax },
    file: { maxItems: fileCountMax },
    fileCount: { maximum: fileCountMax },
  };
  for (const [name, limit] of Object.entries(limits)) {
    const property = properties?.[name];
    if (property && !isReference(property)) Object.assign(property, limit);
  }
}

/** A class of TypeScript does not tell a count from a fraction, of which the API has none. */
function countInWholeNumbers(schema: Schema): void {
  if (schema.type === 'number') {
    schema.type = 'integer';
    schema.format ??= (schema.maximum ?? Infinity) <= INT32_MAX ? 'int32' : 'int64';
  }
  for (const property of Object.values(schema.properties ?? {})) {
    if (!isReference(property)) countInWholeNumbers(property);
  }
}
