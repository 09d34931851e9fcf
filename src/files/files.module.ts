import { Module } from '@nestjs/common';

/** Files: in, out, and the sweeping of what belongs to nobody. */
@Module({ imports: [] })
export class FilesModule {}
