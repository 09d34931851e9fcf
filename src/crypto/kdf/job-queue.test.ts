import { KdfBusyError } from '../crypto.errors.js';
import { JobQueue } from './job-queue.js';

/** Jobs that end when the test ends them. */
function jobs() {
  const started: number[] = [];
  const ends = new Map<number, { done(): void; fail(error: Error): void }>();
  const job = (name: number) => () =>
    new Promise<number>((resolve, reject) => {
      started.push(name);
      ends.set(name, { done: () => resolve(name), fail: reject });
    });
  return {
    started,
    job,
    end: (name: number) => ends.get(name)?.done(),
    fail: (name: number) => ends.get(name)?.fail(new Error('no')),
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue of passphrase derivations', () => {
  it('runs two at once, the others in order, and refuses beyond its size', async () => {
    const { started, job, end } = jobs();
    const queue = new JobQueue(2, 2);
    const results = [1, 2, 3, 4].map((name) => queue.run(job(name)));
    await settled();
    expect(started).toEqual([1, 2]);
    await expect(queue.run(job(5))).rejects.toThrow(KdfBusyError);
    end(2);
    await settled();
    expect(started).toEqual([1, 2, 3]);
    const late = queue.run(job(6));
    end(1);
    await settled();
    expect(started).toEqual([1, 2, 3, 4]);
    end(3);
    await settled();
    end(4);
    end(6);
    expect(await Promise.all([...results, late])).toEqual([1, 2, 3, 4, 6]);
  });

  it('gives the place of a failed job to the next', async () => {
    const { started, job, end, fail } = jobs();
    const queue = new JobQueue(1, 1);
    const first = queue.run(job(1));
    const second = queue.run(job(2));
    fail(1);
    await expect(first).rejects.toThrow('no');
    await settled();
    expect(started).toEqual([1, 2]);
    end(2);
    expect(await second).toBe(2);
    const third = queue.run(job(3));
    await settled();
    end(3);
    expect(await third).toBe(3);
  });

  it('lets clients take turns, whatever their number of jobs', async () => {
    const { started, job, end } = jobs();
    const queue = new JobQueue(1, 10);
    const of = (client: string, names: number[]) => names.map((name) => queue.run(job(name), client));
    const results = [...of('a', [1, 2, 3, 4]), ...of('b', [5, 6]), ...of('c', [7])];
    for (const name of [1, 2, 5, 7, 3, 6, 4]) {
      await settled();
      expect(started.at(-1)).toBe(name);
      end(name);
    }
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('keeps half of the slots free of one client, and starts its next job when one of its own ends', async () => {
    const { started, job, end } = jobs();
    const queue = new JobQueue(2, 10);
    const of = (client: string, names: number[]) => names.map((name) => queue.run(job(name), client));
    const results = [...of('a', [1, 2, 3]), ...of('b', [4, 5])];
    await settled();
    expect(started).toEqual([1, 4]);
    end(4);
    await settled();
    expect(started).toEqual([1, 4, 5]);
    end(5);
    await settled();
    expect(started).toEqual([1, 4, 5]);
    for (const name of [1, 2, 3]) {
      end(name);
      await settled();
    }
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes a place of the client that has most of them when all are taken', async () => {
    const { started, job, end } = jobs();
    const queue = new JobQueue(1, 3);
    const running = queue.run(job(1), 'a');
    const [second, third, fourth] = [2, 3, 4].map((name) => queue.run(job(name), 'a'));
    fourth?.catch(() => undefined);
    const other = queue.run(job(5), 'b');
    await expect(fourth).rejects.toThrow(KdfBusyError);
    await expect(queue.run(job(6), 'a')).rejects.toThrow(KdfBusyError);
    await expect(queue.run(job(7), 'b')).rejects.toThrow(KdfBusyError);
    const last = queue.run(job(8), 'c');
    third?.catch(() => undefined);
    await expect(third).rejects.toThrow(KdfBusyError);
    for (const name of [1, 2, 5, 8]) {
      await settled();
      end(name);
    }
    expect(await Promise.all([running, second, other, last])).toEqual([1, 2, 5, 8]);
    expect(started).toEqual([1, 2, 5, 8]);
    // The places of the refused jobs are free again.
    const later = [9, 10, 11, 12].map((name) => queue.run(job(name), 'd'));
    for (const name of [9, 10, 11, 12]) {
      await settled();
      end(name);
    }
    expect(await Promise.all(later)).toEqual([9, 10, 11, 12]);
  });
});
