import { Worker } from 'node:worker_threads';
import type { Argon2Parameters } from 'node:crypto';

/**
 * The whole worker, as text so that it needs no file beside the compiled code. It answers one request with the
 * output, or with the message of what went wrong, and wipes the copy of the passphrase that it was sent.
 */
const WORKER = `
const { parentPort } = require('node:worker_threads');
const { argon2Sync } = require('node:crypto');
parentPort.on('message', (parameters) => {
  try {
    const output = new Uint8Array(argon2Sync('argon2id', parameters));
    parentPort.postMessage({ output }, [output.buffer]);
  } catch (error) {
    parentPort.postMessage({ failure: error.message });
  } finally {
    parameters.message.fill(0);
  }
});`;

interface Answer {
  readonly output?: Uint8Array;
  readonly failure?: string;
}

interface Job {
  resolve(output: Buffer): void;
  reject(error: Error): void;
}

export interface Argon2Request extends Argon2Parameters {
  /** In memory of its own, which moves to the thread and is wiped there: empty afterwards. */
  readonly message: Uint8Array<ArrayBuffer>;
}

/**
 * Argon2id on threads of its own. Not `crypto.argon2`: up to Node 24.21 that one derives once on the calling thread
 * before it starts its job (nodejs/node 62861), which stops every other request for 60 ms.
 */
export class Argon2Workers {
  private readonly idle: Worker[] = [];
  private readonly jobs = new Map<Worker, Job>();

  /** Takes an idle thread, or starts one: whoever calls bounds how many run at once. */
  derive(request: Argon2Request): Promise<Buffer> {
    const worker = this.idle.pop() ?? this.start();
    worker.ref();
    return new Promise((resolve, reject) => {
      this.jobs.set(worker, { resolve, reject });
      worker.postMessage(request, [request.message.buffer]);
    });
  }

  /** Ends every thread; what is under way fails. */
  async close(): Promise<void> {
    const workers = [...this.jobs.keys(), ...this.idle.splice(0)];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private start(): Worker {
    const worker = new Worker(WORKER, { eval: true, name: 'argon2' });
    worker.on('message', ({ output, failure }: Answer) => {
      const job = this.jobs.get(worker);
      this.jobs.delete(worker);
      this.idle.push(worker);
      // An idle thread must not keep the process alive.
      worker.unref();
      if (output) job?.resolve(Buffer.from(output.buffer));
      else job?.reject(new Error(`argon2id failed: ${failure}`));
    });
    worker.on('error', (error) => this.drop(worker, error));
    worker.on('exit', (code) => this.drop(worker, new Error(`the argon2id thread ended with code ${code}`)));
    return worker;
  }

  private drop(worker: Worker, error: unknown): void {
    this.jobs.get(worker)?.reject(error instanceof Error ? error : new Error(String(error)));
    this.jobs.delete(worker);
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
  }
}
