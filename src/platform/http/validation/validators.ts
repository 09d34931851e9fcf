import { isLongerThan } from '@burnbag/contract';
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

/** Limits the characters, as `isLongerThan` counts them: class-validator's MaxLength does not count variation selectors. */
export function HasAtMost(characters: number): PropertyDecorator {
  return ValidateBy({
    name: 'hasAtMost',
    validator: {
      validate: (value) => typeof value === 'string' && !isLongerThan(value, characters),
      defaultMessage: () => `$property must be at most ${characters} characters`,
    },
  });
}

/** @returns the pattern of base64url without padding of exactly `bytes` bytes (RFC 4648, section 5) */
export function base64UrlPattern(bytes: number): string {
  return `^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`;
}

/** Base64url without padding of an exact number of bytes (RFC 4648, section 5). */
export function IsBase64UrlOf(bytes: number): PropertyDecorator {
  const characters = Math.ceil((bytes * 4) / 3);
  return Matches(new RegExp(base64UrlPattern(bytes)), {
    message: `$property must be ${bytes} bytes as base64url without padding (${characters} characters)`,
  });
}

/** A whole number in digits, from 1 to `most`, as a query has it. */
export function IsCountText(most: number): PropertyDecorator {
  return ValidateBy({
    name: 'isCountText',
    validator: {
      validate: (value) => typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) && Number(value) <= most,
      defaultMessage: () => `$property must be a whole number, at most ${most} and at least 1`,
    },
  });
}

const DATE = '(?:19[7-9]|[2-9][0-9]{2})[0-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const TIME = String.raw`(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?`;
const OFFSET = '(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])';
/** A date, or a time with its offset. */
export const MOMENT_PATTERN = `^${DATE}(?:T${TIME}${OFFSET})?$`;
const MOMENT = new RegExp(MOMENT_PATTERN);

/** A date, which is midnight in UTC, or a time with its offset (RFC 3339), since 1970. */
export function IsMomentText(): PropertyDecorator {
  return ValidateBy({
    name: 'isMomentText',
    validator: {
      validate: (value) =>
        typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value)),
      defaultMessage: () =>
        '$property must be a time with its offset, such as YYYY-MM-DDThh:mm:ssZ, or a date',
    },
  });
}

/**
 * The field is optional. Unlike class-validator's IsOptional it refuses null: a client that sends
 * `"passphrase": null` by mistake must get an error, rather than a secret without a passphrase.
 */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);
