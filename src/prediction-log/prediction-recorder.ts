import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { currentRequest } from '../http/requests/request-context.js';
import { LineWriter } from '../log/line-writer.js';
import { ModelService } from '../model/model.service.js';
import { ScoredRowsFeed } from '../prediction/scored-rows-feed.js';
import { ShadowService } from '../shadow/shadow.service.js';
import { LogFiles } from './log-files.js';
import { PredictionLogMetrics } from './prediction-log.metrics.js';
import { Records } from './records.js';

const CHUNK_BYTES = 65_536;

/** Records scored rows in files. Answers do not wait for it. While the files cannot be written it keeps up to 16 MiB of lines. */
@Injectable()
export class PredictionRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly files: LogFiles;
  private readonly writer: LineWriter;
  private records: Records | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly feed: ScoredRowsFeed,
    private readonly model: ModelService,
    private readonly metrics: PredictionLogMetrics,
    @InjectPinoLogger(PredictionRecorder.name) private readonly logger: PinoLogger,
    @Optional() private readonly shadow?: ShadowService,
  ) {
    this.files = new LogFiles(settings, logger);
    this.writer = new LineWriter({
      destination: this.files.open,
      chunkBytes: CHUNK_BYTES,
      enoughBytes: CHUNK_BYTES / 2,
      onLoss: (lineCount) => {
        this.tellLoss(lineCount);
      },
    });
  }

  onApplicationBootstrap(): void {
    const { version, sha256, thresholds, contract } = this.model.loaded;
    const { predictionLogSample: sample, predictionLogIdField: idField } = this.settings;
    const features = contract.features.map(({ name }) => name);
    const records = new Records(
      this.writer,
      { version, sha256, thresholds, features },
      () => this.shadow?.candidate,
      idField,
    );
    this.records = records;
    this.feed.watch(
      (rows) => {
        if (Math.random() < sample) {
          const { id = '', logFields = {} } = currentRequest() ?? {};
          const caller = logFields['api_key'] as string | undefined;
          records.add(rows, { id, caller, answeredAt: new Date() });
        }
      },
      { keepsRows: true, isBehind: () => this.writer.isBehind },
    );
    this.metrics.watch({ rows: () => records.rowCount, lostRows: () => this.writer.droppedLines });
    this.files.tidy();
    process.once('exit', () => {
      records.toLines();
      this.writer.flushSync(0);
    });
  }

  /** Runs after the last answer is sent. */
  async onApplicationShutdown(): Promise<void> {
    await this.records?.finish();
    await this.writer.flush();
    this.tellLoss(this.writer.abandon());
    await this.files.end();
  }

  private tellLoss(rowCount: number): void {
    if (rowCount > 0) {
      this.logger.error({ lost_rows: rowCount }, 'rows of the prediction log were lost');
    }
  }
}
