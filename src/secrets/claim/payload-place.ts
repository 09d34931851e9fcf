import { Injectable } from '@nestjs/common';

import type { ProblemError } from '../../platform/http/problem/problem.js';

export interface PayloadBinding {
  /** Whether the files of this Redis are in another blob store than the one of this replica. */
  readonly isElsewhere: boolean;
  refusal(): ProblemError;
}

/** Where the payloads of files are. The module of files registers its binding; without one they are here. */
@Injectable()
export class PayloadPlace {
  private binding: PayloadBinding | undefined;

  use(binding: PayloadBinding): void {
    this.binding = binding;
  }

  /** @returns why files cannot be read through this replica; undefined when they can */
  refusal(): ProblemError | undefined {
    return this.binding?.isElsewhere ? this.binding.refusal() : undefined;
  }
}
