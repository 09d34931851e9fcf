import type { Keyring } from '../crypto/keyring.js';
import type { HeldKeys } from './replica-registry.port.js';

/**
 * Which key a replica seals with: the primary of its keyring once every other replica can open with it, before that
 * the one that the others seal with. So the order in which replicas learn of a rotation never matters.
 * @param wanted the keyring as the operator has it
 * @returns the primary of `wanted` also when nothing else is left: then the others have not one key in common
 */
export function sealingKey(wanted: Keyring, others: readonly HeldKeys[]): number {
  const isHeldByAll = (id: number): boolean => others.every(({ ids }) => ids.includes(id));
  const wish = wanted.primary.id;
  if (isHeldByAll(wish)) return wish;
  const used = others.flatMap(({ primary }) => primary ?? []);
  const usable = [...used, ...wanted.ids].find((id) => wanted.ids.includes(id) && isHeldByAll(id));
  return usable ?? wish;
}
