/** @jest-environment node */
// By its path, because tests map the package's name to OpenSSL.
import { argon2idAsync as shipped } from '../../../../node_modules/@noble/hashes/argon2.js';
import { argon2idAsync as openssl } from '../../testing/native-argon2';

it('stretches a passphrase in the browser exactly as OpenSSL does', async () => {
  const [password, salt] = [new TextEncoder().encode('Schlüssel'), new Uint8Array(16).fill(7)];
  const options = { m: 47_104, t: 1, p: 1, dkLen: 32 };
  expect(Array.from(await shipped(password, salt, options))).toEqual(
    Array.from(await openssl(password, salt, options)),
  );
}, 60_000);
