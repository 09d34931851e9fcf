import { types } from 'node:util';

/**
 * Jest runs tests in a realm of its own, where errors of node:net and node:http are not instances of `Error`. The SDK
 * asks for exactly that, and does not retry errors that it does not recognise: in production it
 * does. So here every error is an instance of `Error`, whatever realm it comes from.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(this: unknown, value: unknown): boolean {
    return this === Error
      ? types.isNativeError(value)
      : Function.prototype[Symbol.hasInstance].call(this as typeof Function.prototype, value);
  },
});
