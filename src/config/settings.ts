import { IsCorsOrigin } from './cors-origin.js';
import {
  AutoIntegerSetting,
  BooleanSetting,
  ChoiceSetting,
  IntegerSetting,
  ListSetting,
  OffIntegerSetting,
  OptionalTextSetting,
  OptionalUrlSetting,
  ShareSetting,
  TextSetting,
} from './setting.decorators.js';
import { IsTrustedProxy } from './trusted-proxy.js';

/**
 * Every setting of the service. The environment variable of `bodyLimitBytes` is `BODY_LIMIT_BYTES`, and so on.
 * A test compares docs/configuration.md and .env.example to this class.
 */
export class Settings {
  @TextSetting({ default: '0.0.0.0', description: 'Address to listen on.' })
  readonly host!: string;

  @IntegerSetting({
    default: 8000,
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port to listen on; 0 takes any free one.',
  })
  readonly port!: number;

  @OffIntegerSetting({
    default: 'off',
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port of the Open Inference Protocol over gRPC; 0 takes any free one, off serves none.',
  })
  readonly grpcPort!: number | 'off';

  @OptionalTextSetting({
    allowed: 'the path of a file',
    description:
      'PEM file of the certificate, and of those between it and its root, with which the service speaks HTTPS instead of HTTP. Needs `TLS_KEY_PATH`.',
  })
  readonly tlsCertificatePath!: string;

  @OptionalTextSetting({
    allowed: 'the path of a file',
    description: 'PEM file of the private key of this certificate, without a passphrase.',
  })
  readonly tlsKeyPath!: string;

  @TextSetting({
    default: 'models/churn_model.onnx',
    description:
      'The ONNX file to serve. `<name>.manifest.json` and `model_version.txt` are read from the same folder.',
  })
  readonly modelPath!: string;

  @BooleanSetting({
    default: false,
    description: 'Serve a model whose manifest has no golden rows. Nothing proves its answers then.',
  })
  readonly allowUnverifiedModel!: boolean;

  @AutoIntegerSetting({
    default: 'auto',
    minimum: 100,
    maximum: 4096,
    unit: 'rows',
    description:
      'Most rows of one forward pass. Waiting requests share a pass. auto takes as many rows as the model computes in 2 ms, from 128 to 1024.',
  })
  readonly maxBatchRows!: number | 'auto';

  @IntegerSetting({
    default: 10_000,
    minimum: 100,
    maximum: 1_000_000,
    unit: 'rows',
    description: 'Most rows that wait for a forward pass in each process. Further requests are refused.',
  })
  readonly maxQueueRows!: number;

  @IntegerSetting({
    default: 10_000,
    minimum: 1,
    maximum: 1_000_000,
    unit: 'rows',
    description:
      'Most rows of a request of the Open Inference Protocol. More than 100 are scored in slices, while no prediction waits.',
  })
  readonly maxInferRows!: number;

  @IntegerSetting({
    default: 4096,
    minimum: 64,
    maximum: 1_000_000,
    unit: 'rows',
    description:
      'Most rows that the model scores for an explanation. If all coalitions of features need no more, the explanation is exact, and otherwise an estimate.',
  })
  readonly explanationRows!: number;

  @IntegerSetting({
    default: 131_072,
    minimum: 1024,
    maximum: 100_000_000,
    unit: 'rows',
    description:
      'Most rows of explanations, and of large requests of the Open Inference Protocol, that wait in each process until no prediction does. Further ones are refused.',
  })
  readonly maxExplanationQueueRows!: number;

  @IntegerSetting({
    default: 2,
    minimum: 0,
    maximum: 100,
    unit: 'streams',
    description:
      'Most files that each process scores at the same time (`POST /predict/bulk`). Further ones are refused.',
  })
  readonly maxBulkStreams!: number;

  @IntegerSetting({
    default: 60_000,
    minimum: 1000,
    maximum: 3_600_000,
    unit: 'ms',
    description:
      'Longest time for which a file may make no progress: no row comes, is scored, or is read by its client. Its answer ends then, and says so.',
  })
  readonly bulkIdleTimeoutMs!: number;

  @AutoIntegerSetting({
    default: 'auto',
    minimum: 0,
    maximum: 64,
    unit: 'threads',
    description:
      'Threads of each process that run forward passes. 0 runs them on the event loop. auto decides by the duration of a pass.',
  })
  readonly inferenceThreads!: number | 'auto';

  @AutoIntegerSetting({
    default: 1,
    minimum: 1,
    maximum: 64,
    unit: 'processes',
    description:
      'Processes that share the port. auto takes one for each core. With more than one, a supervisor replaces a process that fails.',
  })
  readonly workers!: number | 'auto';

  @IntegerSetting({
    default: 10_000,
    minimum: 1000,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Longest time that a forward pass, or the event loop of a worker, may stall before the service gives it up.',
  })
  readonly stallTimeoutMs!: number;

  @ListSetting({
    default: '*',
    none: 'none',
    allowed: '*, none, or a comma-separated list of origins such as https://app.example.com',
    item: (message) => IsCorsOrigin({ each: true, message }),
    description: 'Origins whose pages may call the API (CORS); * stands for all, none for none.',
  })
  readonly corsOrigins!: readonly string[];

  @OptionalTextSetting({
    allowed: 'the path of a file',
    description:
      'File of the API keys that callers may use, one line `name:digest` for each. The digest is the SHA-256 of the key in hex. Without it and without `API_KEYS` anyone may call.',
  })
  readonly apiKeysFile!: string;

  @OptionalTextSetting({
    allowed: 'a comma-separated list of name:digest',
    description: 'The same without a file. Only one of the two may be set.',
  })
  readonly apiKeys!: string;

  @ChoiceSetting({
    default: 'open',
    choices: ['open', 'key', 'off'],
    description:
      'Who may read `/docs`, `/redoc`, `/what-if` and the OpenAPI document: anyone, callers with an API key, or nobody.',
  })
  readonly docsAccess!: 'open' | 'key' | 'off';

  @ChoiceSetting({
    default: 'open',
    choices: ['open', 'key', 'off'],
    description: 'Who may read `/metrics`: anyone, callers with an API key, or nobody.',
  })
  readonly metricsAccess!: 'open' | 'key' | 'off';

  @IntegerSetting({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    unit: 'requests',
    description:
      'Most requests of a caller to one process in `RATE_LIMIT_WINDOW_MS`. 0 sets no limit. A caller is an API key, or an address if the request has no valid key.',
  })
  readonly rateLimitRequests!: number;

  @IntegerSetting({
    default: 60_000,
    minimum: 1000,
    maximum: 3_600_000,
    unit: 'ms',
    description: 'Time in which `RATE_LIMIT_REQUESTS` may be sent.',
  })
  readonly rateLimitWindowMs!: number;

  @ListSetting({
    default: '',
    allowed:
      'a comma-separated list of addresses, networks such as 10.0.0.0/8 but not of all addresses, and the words loopback, linklocal and uniquelocal',
    item: (message) => IsTrustedProxy({ each: true, message }),
    description:
      'Proxies whose `X-Forwarded-For` states the address of the caller. Without any, the address of the connection counts.',
  })
  readonly trustProxy!: readonly string[];

  @AutoIntegerSetting({
    default: 'auto',
    minimum: 1024,
    maximum: 104_857_600,
    unit: 'bytes',
    description:
      'Largest request body, after decompression. auto takes what 100 customers of the model can need, from 131072 to 4194304; for the Open Inference Protocol what `MAX_INFER_ROWS` rows can need, up to 16777216.',
  })
  readonly bodyLimitBytes!: number | 'auto';

  @IntegerSetting({
    default: 10_000,
    minimum: 10,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Longest time from the arrival of a prediction request to its answer. A caller may ask for less with the header `X-Request-Timeout-Ms`.',
  })
  readonly requestTimeoutMs!: number;

  @IntegerSetting({
    default: 10_000,
    minimum: 10,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Longest time from the arrival of a request for explanations to its answer. Explanations wait while predictions are computed.',
  })
  readonly explanationTimeoutMs!: number;

  @IntegerSetting({
    default: 50,
    minimum: 10,
    maximum: 60_000,
    unit: 'ms',
    description:
      'Longest time for which the event loop takes in requests that arrived together. Further predictions are refused.',
  })
  readonly maxEventLoopDelayMs!: number;

  @IntegerSetting({
    default: 10_000,
    minimum: 10,
    maximum: 1_000_000,
    unit: 'connections',
    description: 'Most connections of each process. Further connections get answers to probes only.',
  })
  readonly maxConnections!: number;

  @IntegerSetting({
    default: 30_000,
    minimum: 1000,
    maximum: 600_000,
    unit: 'ms',
    description: 'Longest time in which the headers and body of a request must arrive.',
  })
  readonly receiveTimeoutMs!: number;

  @IntegerSetting({
    default: 10_000,
    minimum: 1000,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Longest time for which a client may stop reading its answers. A connection without progress for one to two times as long is closed.',
  })
  readonly sendTimeoutMs!: number;

  @IntegerSetting({
    default: 75_000,
    minimum: 1000,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Longest time for which a connection stays open between requests. It must be longer than the timeout of the load balancer.',
  })
  readonly keepAliveTimeoutMs!: number;

  @IntegerSetting({
    default: 5000,
    minimum: 0,
    maximum: 600_000,
    unit: 'ms',
    description:
      'Time after SIGTERM in which the service is no longer ready but still answers, so that load balancers notice.',
  })
  readonly shutdownDelayMs!: number;

  @IntegerSetting({
    default: 20_000,
    minimum: 0,
    maximum: 600_000,
    unit: 'ms',
    description: 'Longest time that requests in flight have to end when the service shuts down.',
  })
  readonly shutdownTimeoutMs!: number;

  @BooleanSetting({
    default: false,
    description:
      'Record each scored customer, with its values and its score, in files. They hold personal data: read docs/prediction-log.md first.',
  })
  readonly predictionLog!: boolean;

  @TextSetting({
    default: 'prediction-log',
    description: 'Folder of these files. Several processes may share it.',
  })
  readonly predictionLogPath!: string;

  @ShareSetting({
    default: 1,
    description: 'Share of the requests that are recorded, chosen at random.',
  })
  readonly predictionLogSample!: number;

  @OptionalTextSetting({
    allowed: 'the name of a field',
    description:
      'Field of a customer that says who it is, such as `customer_id`. It is recorded, so that outcomes can be joined. The model does not see it.',
  })
  readonly predictionLogIdField!: string;

  @IntegerSetting({
    default: 67_108_864,
    minimum: 4096,
    maximum: 10_737_418_240,
    unit: 'bytes',
    description: 'Size at which a file of the prediction log is closed and compressed.',
  })
  readonly predictionLogFileBytes!: number;

  @IntegerSetting({
    default: 3_600_000,
    minimum: 1000,
    maximum: 604_800_000,
    unit: 'ms',
    description: 'Time after which a file of the prediction log is closed and compressed.',
  })
  readonly predictionLogFileMs!: number;

  @IntegerSetting({
    default: 1_073_741_824,
    minimum: 8192,
    maximum: 1_099_511_627_776,
    unit: 'bytes',
    description:
      'Most bytes of all files in the folder. Beyond it the oldest files are deleted. At least twice `PREDICTION_LOG_FILE_BYTES`.',
  })
  readonly predictionLogTotalBytes!: number;

  @OptionalTextSetting({
    allowed: 'the path of a file',
    description:
      'ONNX file of a candidate, with its manifest beside it. It scores the same customers after they are answered, and answers nobody.',
  })
  readonly shadowModelPath!: string;

  @ShareSetting({
    default: 1,
    description: 'Share of the requests that the candidate scores, chosen at random.',
  })
  readonly shadowSample!: number;

  @OptionalUrlSetting({
    description:
      'Collector to which traces are sent (OpenTelemetry, OTLP). Without it no traces are recorded. The SDK of OpenTelemetry reads its other variables, such as `OTEL_TRACES_SAMPLER`.',
  })
  readonly otelExporterOtlpEndpoint!: string;

  @ChoiceSetting({
    default: 'info',
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    description: 'Least severe level in the log. Probes are logged at debug.',
  })
  readonly logLevel!: string;

  @ChoiceSetting({
    default: 'auto',
    choices: ['auto', 'json', 'pretty'],
    description:
      'One JSON object a line, or text for people; auto is pretty on a terminal and JSON elsewhere.',
  })
  readonly logFormat!: string;
}
