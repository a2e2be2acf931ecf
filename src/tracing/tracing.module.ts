import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '../config/settings.js';
import { type UrlScheme, urlSchemeOf } from '../config/url-scheme.js';
import { NO_TRACER } from './no-tracer.js';
import { TRACER, type Tracer } from './tracer.js';

/** Ties requests to traces, and sends their spans to a collector if there is one. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(TRACER) private readonly tracer: Tracer) {}

  static forRoot(logger: Logger): DynamicModule {
    return {
      module: TracingModule,
      global: true,
      providers: [
        {
          provide: TRACER,
          inject: [Settings],
          useFactory: (settings: Settings) =>
            settings.otelExporterOtlpEndpoint === ''
              ? NO_TRACER
              : openTelemetry(logger, urlSchemeOf(settings)),
        },
      ],
      exports: [TRACER],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracer.close();
  }
}

/** The SDK takes long to load, and much memory, so that only those pay who want it. */
async function openTelemetry(logger: Logger, scheme: UrlScheme): Promise<Tracer> {
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  return startOpenTelemetry(logger, scheme);
}
