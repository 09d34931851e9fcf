import type { BurnQuorumMeter } from '../../platform/metrics/metrics.service.js';

export type QuorumLog = (level: 'info' | 'warn', message: string, fields: Record<string, unknown>) => void;

/** The required number of replicas, and the servers that have too few now. */
export class QuorumStatus {
  private readonly missing = new Set<object>();

  /** @param replicas at least 1 */
  constructor(
    readonly replicas: number,
    readonly meter: BurnQuorumMeter,
    private readonly log: QuorumLog,
  ) {
    meter.holds(true);
  }

  /**
   * @param line the server without a quorum @param held replicas that answered; undefined: none could be
   * asked
   */
  lost(line: object, server: string, held: number | undefined): void {
    if (this.missing.has(line)) return;
    this.missing.add(line);
    this.meter.holds(false);
    const fields = { server, wanted: this.replicas, held };
    this.log('warn', 'too few replicas hold what is burnt: secrets are neither created nor opened', fields);
  }

  regained(line: object, server: string): void {
    if (!this.missing.delete(line)) return;
    this.log('info', 'enough replicas answer again', { server, wanted: this.replicas });
    this.meter.holds(this.missing.size === 0);
  }

  /** The server left the cluster: it is not asked again. */
  forget(line: object): void {
    if (this.missing.delete(line)) this.meter.holds(this.missing.size === 0);
  }
}
