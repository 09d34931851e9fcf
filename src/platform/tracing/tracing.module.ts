import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';

import { TRACING, type Tracing } from './tracing.port.js';
import { tracingConfig, type TracingConfig } from '../config/sections/app.config.js';
import { openTracing } from './open-tracing.js';

/** Global: every layer below may add a span to a request. */
@Global()
@Module({
  providers: [
    {
      provide: TRACING,
      inject: [tracingConfig.KEY],
      useFactory: (config: TracingConfig): Promise<Tracing | undefined> => {
        const logger = new Logger('Tracing');
        return openTracing(config, (level, message, fields = {}) =>
          level === 'info' ? logger.log(fields, message) : logger.warn(fields, message),
        );
      },
    },
  ],
  exports: [TRACING],
})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(TRACING) private readonly tracing: Tracing | undefined) {}

  /** The server has drained by now: the last spans have arrived. */
  async onApplicationShutdown(): Promise<void> {
    await this.tracing?.stop();
  }
}
