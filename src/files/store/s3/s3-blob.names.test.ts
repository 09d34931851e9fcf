import { GRAIN } from '../../../../test/support/blob-kit.js';
import { grainFloor } from '../blob-store.port.js';
import { partSize, S3_PART_MIN, S3_PARTS_MAX, S3Names } from './s3-blob.names.js';

const id = '00ab5c0123456789abcdef0123456789';

describe('the parts of a blob', () => {
  it('are as long as S3 wants them, end at multiples of the grain, and make a blob of 288 GB', () => {
    let end = 0;
    for (let number = 1; number <= S3_PARTS_MAX; number++) {
      const size = partSize(GRAIN, number);
      expect(size).toBeGreaterThanOrEqual(S3_PART_MIN);
      end += size;
      expect(grainFloor(GRAIN, end)).toBe(end);
    }
    expect(Math.floor(end / 1e9)).toBe(288);
  });

  it('stay at 5 MiB while files are of the usual size, so that uploads need little memory', () => {
    expect(partSize(GRAIN, 1_000) - S3_PART_MIN).toBeLessThan(GRAIN.unit);
    expect(partSize(GRAIN, S3_PARTS_MAX)).toBeLessThan(53_000_000);
  });
});

describe('the name of an object', () => {
  it.each(['', 'burnbag/', 'a.b-'])('tells its kind (prefix "%s")', (prefix) => {
    const names = new S3Names(prefix);
    expect(names.parse(names.blob(id))).toEqual({ id, tailFrom: undefined });
    expect(names.parse(names.tail(id, 5_245_142))).toEqual({ id, tailFrom: 5_245_142 });
  });

  it('is not ours for anything else', () => {
    const names = new S3Names('burnbag/');
    const others = [
      id,
      `burnbag/${id}x`,
      `burnbag/${id.toUpperCase()}`,
      `burnbag/${id}.tail`,
      'burnbag/',
      '',
    ];
    for (const key of [...others, `burnbag/x/${id}`, `burnbag/${id}.-1.tail`])
      expect(names.parse(key)).toBeUndefined();
  });
});
