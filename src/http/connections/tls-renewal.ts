import type { Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../../config/settings.js';
import { readTlsFiles, secureContext } from '../tls-files.js';

/** Renews the certificate and its key while the service runs. */
@Injectable()
export class TlsRenewal {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @InjectPinoLogger(TlsRenewal.name) private readonly logger: PinoLogger,
  ) {}

  /** Has their files read again on SIGHUP, for new connections. @param other server than that of HTTP, if there is one */
  renewOnHangUp(other: Server | undefined): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    const servers = [server, other].filter((each) => each instanceof TlsServer);
    if (servers.length > 0) {
      process.on('SIGHUP', () => {
        this.renew(servers);
      });
    }
  }

  private renew(servers: readonly TlsServer[]): void {
    try {
      const files = readTlsFiles(this.settings);
      if (files !== undefined) {
        for (const server of servers) {
          server.setSecureContext(secureContext(files));
        }
        this.logger.info({ valid_to: files.validTo }, 'the TLS certificate is renewed');
      }
    } catch (error) {
      this.logger.error(
        { reason: (error as Error).message },
        'the TLS certificate cannot be renewed, so the old one stays',
      );
    }
  }
}
