import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
/** Of secrets: RFC 9562, as `isSecretId` takes them. */
const UUID_V4 = '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$';
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;

/**
 * Says what Nest's document leaves out: that a parameter with a format is a string, path parameters of a handler with
 * two paths, and that a body must have no other fields.
 */
export function completed(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      completeParameters(path, operation);
      closeBody(document, operation);
    }
  }
  return document;
}

function completeParameters(path: string, operation: Operation): void {
  const parameters = (operation.parameters ??= []);
  for (const parameter of parameters) {
    if (!('schema' in parameter) || !parameter.schema || '$ref' in parameter.schema) continue;
    const { schema } = parameter;
    schema.type ??= 'string';
    if (parameter.in === 'path' && parameter.name === 'id' && schema.format === 'uuid')
      schema.pattern ??= UUID_V4;
  }
  const declared = new Set(parameters.map((each) => ('name' in each ? each.name : '')));
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    if (declared.has(name)) continue;
    parameters.push({ name, in: 'path', required: true, schema: { type: 'string' } });
  }
}

function closeBody({ components }: OpenAPIObject, { requestBody }: Operation): void {
  if (!requestBody || !('content' in requestBody)) return;
  for (const { schema } of Object.values(requestBody.content)) {
    if (!schema || !('$ref' in schema)) continue;
    const body = components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')];
    if (body && !('$ref' in body)) body.additionalProperties = false;
  }
}
