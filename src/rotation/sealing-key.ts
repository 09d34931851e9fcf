import type { Keyring } from '../crypto/keyring/keyring.js';
import type { HeldKeys } from './replica-registry.types.js';

/**
 * The key that a replica seals with: the primary of its keyring once every other replica can open with it,
 * before that the key that the others seal with. So the order in which replicas learn of a rotation does not
 * matter.
 * @param wanted the keyring as configured
 * @returns the primary of `wanted` also when the others have no key in common
 */
export function sealingKey(wanted: Keyring, others: readonly HeldKeys[]): number {
  const isHeldByAll = (id: number): boolean => others.every(({ ids }) => ids.includes(id));
  const wish = wanted.primary.id;
  if (isHeldByAll(wish)) return wish;
  const used = others.flatMap(({ primary }) => primary ?? []);
  const usable = [...used, ...wanted.ids].find((id) => wanted.ids.includes(id) && isHeldByAll(id));
  return usable ?? wish;
}
