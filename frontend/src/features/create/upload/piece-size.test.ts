/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import { FIRST_PIECE_BYTES, PieceSize } from './piece-size';

const KIB = 1_024;
/** Sends pieces until `count` have arrived, through a proxy that refuses those above `limit`. @returns KiB tried */
function send(pieces: PieceSize, count: number, limit = Infinity): number[] {
  const tried: number[] = [];
  for (let arrived = 0; arrived < count;) {
    tried.push(pieces.current / KIB);
    if (pieces.current > limit) {
      if (!pieces.shrink()) return tried;
      continue;
    }
    pieces.grow();
    arrived += 1;
  }
  return tried;
}

describe('the size of the pieces of an upload', () => {
  it('begins at 512 KiB and doubles up to 8 MiB', () =>
    expect(send(new PieceSize(), 7)).toEqual([512, 1_024, 2_048, 4_096, 8_192, 8_192, 8_192]));

  it.each([
    [1_048_576, [512, 1_024, 2_048, 1_024, 1_024]],
    [FIRST_PIECE_BYTES, [512, 1_024, 512, 512, 512]],
    [100_000, [512, 256, 128, 64, 64, 64, 64]],
  ])('stays within a limit of %d bytes once it was reached', (limit, tried) =>
    expect(send(new PieceSize(), 4, limit)).toEqual(tried),
  );

  it('fails when even the smallest piece is too large', () =>
    expect(send(new PieceSize(), 1, 1_000)).toEqual([512, 256, 128, 64]));

  it('predicts the size of the following piece', () => {
    const pieces = new PieceSize();
    expect(pieces.following).toBe(2 * FIRST_PIECE_BYTES);
    pieces.shrink();
    expect(pieces.following).toBe(pieces.current);
  });

  it('begins small again after a connection broke, and adapts after the second time', () => {
    const pieces = new PieceSize();
    send(pieces, 2);
    pieces.fallBack();
    expect(send(pieces, 2)).toEqual([512, 1_024]);
    pieces.fallBack();
    expect(send(pieces, 3)).toEqual([512, 1_024, 1_024]);
  });

  it('ignores a connection that broke within a small piece', () => {
    const pieces = new PieceSize();
    pieces.fallBack();
    pieces.fallBack();
    expect(send(pieces, 2)).toEqual([512, 1_024]);
  });
});
