/**
 * Bytes of one request, all multiples of the server's chunks, so that a complete request never ends inside
 * one.
 */
export const FIRST_PIECE_BYTES = 524_288;
export const LARGEST_PIECE_BYTES = 8_388_608;
const SMALLEST_PIECE_BYTES = 65_536;

/**
 * Size of the pieces of an upload. Begins below nginx's default `client_max_body_size` of 1 MiB, and doubles
 * with each piece that arrives. Belongs to one upload and outlives its attempts.
 */
export class PieceSize {
  private bytes = FIRST_PIECE_BYTES;
  private largest = LARGEST_PIECE_BYTES;
  private brokenAt: number | undefined;

  /** Bytes of the next piece, at most. */
  get current(): number {
    return this.bytes;
  }

  /** Bytes of the piece after that one, if that one arrives. */
  get following(): number {
    return Math.min(this.bytes * 2, this.largest);
  }

  /** A piece has arrived. */
  grow(): void {
    this.bytes = this.following;
  }

  /**
   * A proxy refused a piece for its size: later pieces of this upload are smaller. @returns false: there is
   * no smaller one
   */
  shrink(): boolean {
    if (this.bytes <= SMALLEST_PIECE_BYTES) return false;
    this.bytes /= 2;
    this.largest = this.bytes;
    return true;
  }

  /**
   * The connection broke within a piece. Some proxies drop such a piece, and some break the connection
   * instead of refusing one that is too large: after the second time at the same size later pieces are
   * smaller.
   */
  fallBack(): void {
    if (this.bytes <= FIRST_PIECE_BYTES) return;
    if (this.brokenAt === this.bytes) this.largest = this.bytes / 2;
    this.brokenAt = this.bytes;
    this.bytes = FIRST_PIECE_BYTES;
  }
}
