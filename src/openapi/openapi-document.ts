import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SERVICE_VERSION } from '../config/service-version.js';
import { REQUEST_ID_HEADER } from '../http/requests/request-id.js';
import { type ApiAccess, withAccess } from './api-access.js';

const DESCRIPTION = `
Scores how likely customers are to churn.

Bodies are JSON, and nothing is coerced: \`"6"\` is not an integer. Every error but those of the health endpoints and of the
Open Inference Protocol is a problem (RFC 9457, \`application/problem+json\`) with a stable \`code\`. A path that is not listed here answers 404
(\`not_found\`), and a method that is not listed 405 (\`method_not_allowed\`) with the header \`Allow\`.

People can try the model on the page [What if?](what-if).
`.trim();

/** How an operation answers now. */
export interface AnswerExample {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly body: object;
}

/** The OpenAPI document of all routes. */
export function createOpenApiDocument(
  app: INestApplication,
  access: ApiAccess,
  examples: readonly AnswerExample[],
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Churn model API')
    .setDescription(DESCRIPTION)
    .setVersion(SERVICE_VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The host that served this document.')
    .addTag('predictions', 'Churn probabilities for one customer or many.')
    .addTag('explanations', 'Why a score is what it is.')
    .addTag('open inference protocol', 'Scores for clients that speak tensors (Open Inference Protocol, V2).')
    .addTag('model', 'What is served, and how it was proven.')
    .addTag('health', 'For probes, and for people who wonder.')
    .addTag('metrics', 'For Prometheus.')
    .addGlobalParameters({
      name: REQUEST_ID_HEADER,
      in: 'header',
      required: false,
      description:
        'Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. ' +
        'Another value counts as none, and a new id is made.',
      schema: { type: 'string' },
    })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  for (const example of examples) {
    addExample(document, example);
  }
  return withRequestIdHeader(withAccess({ ...document, security: [] }, access));
}

function addExample(document: OpenAPIObject, { method, path, body }: AnswerExample): void {
  const answer = document.paths[path]?.[method]?.responses['200'];
  const json = answer !== undefined && 'content' in answer ? answer.content['application/json'] : undefined;
  if (json === undefined) {
    throw new Error(`There is no ${method} ${path} with a JSON answer.`);
  }
  json.example = body;
}

/** Documents the header that is on every answer. */
function withRequestIdHeader(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap(({ get, post }) => [get, post]);
  for (const response of operations.flatMap((operation) => Object.values(operation?.responses ?? {}))) {
    if (response !== undefined && !('$ref' in response)) {
      response.headers = {
        ...response.headers,
        [REQUEST_ID_HEADER]: {
          description: 'The id of the request: the one that was sent, or a new one.',
          required: true,
          schema: { type: 'string', example: '0b6e3c4e-7d0f-4a3c-9a53-2f1d8f6f1c55' },
        },
      };
    }
  }
  return document;
}
