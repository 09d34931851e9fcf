import { useState } from 'react';
import type { OpenedFiles } from '../reveal.model';

/**
 * Until when the server keeps its copy for this reader, as far as the page can know: every byte moves the end on.
 * @param movedAt milliseconds since 1970 when bytes came last
 */
export function useLease({ leaseEndsAt, openedAt, renew }: OpenedFiles, movedAt: number | undefined) {
  const [renewed, setRenewed] = useState<number>();
  const [renewing, setRenewing] = useState(false);
  const [failed, setFailed] = useState(false);
  const length = leaseEndsAt === undefined ? undefined : leaseEndsAt - openedAt;
  const ends = [leaseEndsAt, renewed, length !== undefined && movedAt ? movedAt + length : undefined];
  const endsAt = Math.max(...ends.filter((end) => end !== undefined), 0);

  const extend = async () => {
    setRenewing(true);
    try {
      setRenewed(await renew());
      setFailed(false);
    } catch {
      // The page says it, and the lease is as long as it was.
      setFailed(true);
    }
    setRenewing(false);
  };
  return { endsAt: endsAt === 0 ? undefined : endsAt, extend, renewing, failed };
}
