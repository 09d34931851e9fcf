import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';

/** Which fields a body has only when its content is sealed, and only when it is not. */
export interface SealedFields {
  readonly sealed: { readonly required: readonly string[]; readonly optional: readonly string[] };
  readonly plain: { readonly required: readonly string[]; readonly optional: readonly string[] };
}

/** Whole groups of base64 that begin with "age-encryption.org/v1\n", as `decodeSealedContent` takes them. */
const AGE_FILE =
  '^YWdlLWVuY3J5cHRpb24ub3JnL3YxC(?:g==|[g-v][A-Za-z0-9+/]=|[g-v][A-Za-z0-9+/]{2}' +
  '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$';

const noneOf = (names: readonly string[]) => ({ anyOf: names.map((name) => ({ required: [name] })) });

/** Documents a body that has other fields when `sealed` is true than when it is false or left out. */
export function SealedOrNot(dto: Type, { sealed, plain }: SealedFields): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(dto),
    ApiBody({
      schema: {
        allOf: [{ $ref: getSchemaPath(dto) }],
        oneOf: [
          {
            title: 'Encrypted by the server',
            properties: { sealed: { type: 'boolean', enum: [false] } },
            required: [...plain.required],
            not: noneOf([...sealed.required, ...sealed.optional]),
          },
          {
            title: 'Sealed by the sender',
            properties: {
              sealed: { type: 'boolean', enum: [true] },
              content: { type: 'string', pattern: AGE_FILE },
            },
            required: ['sealed', ...sealed.required],
            not: noneOf([...plain.required, ...plain.optional]),
          },
        ],
      },
    }),
  );
}
