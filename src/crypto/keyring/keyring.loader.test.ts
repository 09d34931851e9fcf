import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeySourceError } from '../crypto.errors.js';
import { createKeyFile } from '../key-source/key-file.js';
import { loadKeyring } from './keyring.loader.js';
import { formatKey } from './keyring.spec-format.js';

const key = randomBytes(32);
let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'burnbag-keys-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (mode: number): string => {
  const path = join(folder, 'key.txt');
  writeFileSync(path, `# ours\n${formatKey(3, key)}\n`);
  chmodSync(path, mode);
  return path;
};

describe('the keyring loader', () => {
  it('uses BURNBAG_KEYS first and reads no file', async () => {
    const keyring = await loadKeyring({ keysSpec: formatKey(5, key), dataDir, production: false });
    expect(keyring.primary.id).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([0o400, 0o600])('reads a key file of mode %o', async (mode) => {
    const keyring = await loadKeyring({ keysFile: write(mode), dataDir, production: true });
    expect(keyring.primary.id).toBe(3);
    expect(keyring.primary.equals(key)).toBe(true);
  });

  it.each([0o440, 0o404, 0o420, 0o401, 0o644, 0o666])(
    'refuses a key file of mode %o, and says chmod',
    async (mode) => {
      const keysFile = write(mode);
      const loading = loadKeyring({ keysFile, dataDir, production: true });
      await expect(loading).rejects.toThrow(`chmod 0400 ${keysFile}`);
    },
  );

  it('refuses a missing file, a folder, an oversized file and both settings at once', async () => {
    const load = (keysFile: string, keysSpec?: string) =>
      loadKeyring({ keysFile, keysSpec, dataDir, production: true });
    const large = join(folder, 'large');
    writeFileSync(large, '#'.repeat(70_000), { mode: 0o600 });
    await expect(load(join(folder, 'none'))).rejects.toThrow(/does not exist/);
    await expect(load(folder)).rejects.toThrow(/not a regular file/);
    await expect(load(large)).rejects.toThrow(/too large/);
    await expect(load(write(0o400), formatKey(1, key))).rejects.toThrow(/not both/);
  });

  it('makes one 0400 file in a 0700 folder in development, and reads the same key again', async () => {
    const made = await loadKeyring({ dataDir, production: false });
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o400);
    expect(readdirSync(dataDir)).toEqual(['keys']);
    const again = await loadKeyring({ dataDir, production: false });
    expect(again.primary.equals(made.primary.key.export())).toBe(true);
    rmSync(join(dataDir, 'keys'));
    const other = await loadKeyring({ dataDir, production: false });
    expect(other.primary.equals(made.primary.key.export())).toBe(false);
  });

  it('never replaces a key file that another process made in the meantime', () => {
    mkdirSync(dataDir);
    const path = join(dataDir, 'keys');
    createKeyFile(path);
    const content = readFileSync(path, 'utf8');
    createKeyFile(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(readdirSync(dataDir)).toEqual(['keys']);
  });

  it('does not start in production without a key, even beside a development key', async () => {
    const production = { keysSpec: ' ', dataDir, production: true };
    await expect(loadKeyring(production)).rejects.toThrow(KeySourceError);
    await expect(loadKeyring(production)).rejects.toThrow(/openssl rand -base64 32/);
    expect(readdirSync(folder)).toEqual([]);
    await loadKeyring({ dataDir, production: false });
    await expect(loadKeyring(production)).rejects.toThrow(`BURNBAG_KEYS_FILE=${join(dataDir, 'keys')}`);
  });
});
