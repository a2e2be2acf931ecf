import { ApiProperty, type ApiPropertyOptions, ApiSchema } from '@nestjs/swagger';

const MODEL_IS_UP = { model: { status: 'up', version: '1.0.0', verified: true } };

/** Indicators by their name, each with facts of its own beside its status. */
function indicators(description: string, example: object): ApiPropertyOptions {
  return {
    description,
    example,
    type: 'object',
    additionalProperties: {
      description: 'One indicator.',
      type: 'object',
      required: ['status'],
      properties: {
        status: { description: 'Whether it passed.', type: 'string', enum: ['up', 'down'] },
      },
      additionalProperties: true,
    },
  };
}

@ApiSchema({ name: 'HealthCheck', description: "The result of a probe, in Terminus's own format." })
export class HealthCheckDto {
  @ApiProperty({
    description: 'Only ok passes.',
    enum: ['ok', 'error', 'shutting_down'],
    example: 'ok',
  })
  readonly status!: string;

  @ApiProperty(indicators('What is up.', MODEL_IS_UP))
  readonly info!: object;

  @ApiProperty(indicators('What is down.', {}))
  readonly error!: object;

  @ApiProperty(indicators('All that was checked.', MODEL_IS_UP))
  readonly details!: object;
}
