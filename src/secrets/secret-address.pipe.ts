import { Injectable, type PipeTransform } from '@nestjs/common';

import { validationFailed } from '../common/common.errors.js';
import { idBytes, isSecretId, refOf } from '../common/ids.js';

/** A secret as its link names it (`id`) and as everything else knows it (`ref`); 16 bytes each. */
export interface SecretAddress {
  readonly id: Buffer;
  readonly ref: Buffer;
}

/** Reads the id out of a path. */
@Injectable()
export class SecretAddressPipe implements PipeTransform<unknown, SecretAddress> {
  transform(value: unknown): SecretAddress {
    if (!isSecretId(value)) {
      throw validationFailed([
        { field: 'id', message: 'must be a UUID v4: the link is wrong or was cut off', limit: 36 },
      ]);
    }
    const id = idBytes(value);
    return { id, ref: refOf(id) };
  }
}
