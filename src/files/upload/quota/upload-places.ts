import { Inject, Injectable } from '@nestjs/common';

import { filesConfig, type FilesConfig } from '../../../platform/config/sections/app.config.js';
import { tooManyUploads } from '../../files.errors.js';

/** Limits the concurrent bodies of files of each client in this process (UPLOADS_AT_ONCE). */
@Injectable()
export class UploadPlaces {
  private readonly taken = new Map<string, number>();
  private readonly most: number;

  constructor(@Inject(filesConfig.KEY) { uploadsAtOnce }: Pick<FilesConfig, 'uploadsAtOnce'>) {
    this.most = uploadsAtOnce;
  }

  /** @param client see clientOf @throws ProblemError too_many_uploads; errors of the work */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    const taken = this.taken.get(client) ?? 0;
    if (taken >= this.most) throw tooManyUploads(this.most);
    this.taken.set(client, taken + 1);
    try {
      return await work();
    } finally {
      const left = (this.taken.get(client) ?? 1) - 1;
      if (left === 0) this.taken.delete(client);
      else this.taken.set(client, left);
    }
  }
}
