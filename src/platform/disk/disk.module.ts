import { Module } from '@nestjs/common';

import { systemClock } from '../../common/clock.js';
import {
  databaseConfig,
  filesConfig,
  redisConfig,
  serverConfig,
  type DatabaseConfig,
  type FilesConfig,
  type RedisConfig,
  type ServerConfig,
} from '../config/sections/app.config.js';
import { configuredTarget } from '../config/redis-target.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { DiskReserve } from './disk-reserve.js';
import { DISK_SPACE, type DiskSpace } from './disk-space.port.js';
import { FileSystemSpace } from './file-system.space.js';

/** Free space on the disk of DATA_DIR. */
@Module({
  providers: [
    {
      provide: DISK_SPACE,
      inject: [serverConfig.KEY],
      useFactory: ({ dataDir }: ServerConfig): DiskSpace => new FileSystemSpace(dataDir),
    },
    {
      provide: DiskReserve,
      inject: [
        DISK_SPACE,
        serverConfig.KEY,
        redisConfig.KEY,
        databaseConfig.KEY,
        filesConfig.KEY,
        MetricsService,
      ],
      useFactory: (
        space: DiskSpace,
        { diskReserveBytes }: ServerConfig,
        redis: RedisConfig,
        database: DatabaseConfig,
        files: FilesConfig,
        metrics: MetricsService,
      ) =>
        new DiskReserve({
          space,
          reservedBytes: diskReserveBytes,
          holds: {
            records: configuredTarget(redis) === undefined || database.url === undefined,
            files: files.store === 'disk',
          },
          clock: systemClock,
          metrics,
        }),
    },
  ],
  exports: [DiskReserve],
})
export class DiskModule {}
