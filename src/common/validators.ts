import { Matches, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';

/** Refuses lone surrogates: UTF-8 cannot carry them, so the text would not come back as it was. */
export function IsWellFormed(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isWellFormed',
      validator: {
        validate: (value) => typeof value === 'string' && value.isWellFormed(),
        defaultMessage: () => '$property must be well-formed Unicode (it holds half of a surrogate pair)',
      },
    },
    options,
  );
}

/** Base64url without padding of exactly so many bytes (RFC 4648, section 5). */
export function IsBase64UrlOf(bytes: number): PropertyDecorator {
  const characters = Math.ceil((bytes * 4) / 3);
  return Matches(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`), {
    message: `$property must be ${bytes} bytes as base64url without padding (${characters} characters)`,
  });
}

/**
 * The field may be left out. Unlike class-validator's IsOptional it refuses null: a client that sends
 * `"passphrase": null` by mistake must be told, rather than get a secret without a passphrase.
 */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);
