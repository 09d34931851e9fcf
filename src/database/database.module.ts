import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';

import {
  databaseConfig,
  serverConfig,
  type DatabaseConfig,
  type ServerConfig,
} from '../platform/config/sections/app.config.js';
import { DATABASE } from './database.port.js';
import { DatabaseThread } from './thread/database-thread.js';

/** Path of the thread's compiled code; for tests that run the sources. @default beside database-thread.js */
export const DATABASE_WORKER = Symbol('DatabaseWorker');

@Module({
  providers: [
    { provide: DATABASE_WORKER, useValue: undefined },
    {
      provide: DatabaseThread,
      inject: [databaseConfig.KEY, serverConfig.KEY, { token: DATABASE_WORKER, optional: true }],
      // Started here, so that nothing that needs the tables is built before they exist, or the database is
      // known to be unavailable.
      useFactory: (
        database: DatabaseConfig,
        server: ServerConfig,
        workerUrl?: URL,
      ): Promise<DatabaseThread> => {
        const logger = new Logger('Database');
        return DatabaseThread.start({
          target: database.url === undefined ? { dataDir: server.dataDir } : { url: database.url },
          log: (level, message, fields = {}) => logger[level === 'info' ? 'log' : level](fields, message),
          ...(workerUrl ? { workerUrl } : {}),
        });
      },
    },
    { provide: DATABASE, useExisting: DatabaseThread },
  ],
  exports: [DatabaseThread, DATABASE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DatabaseThread) private readonly thread: DatabaseThread) {}

  async onApplicationShutdown(): Promise<void> {
    await this.thread.stop();
  }
}
