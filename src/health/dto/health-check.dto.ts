import { ApiProperty } from '@nestjs/swagger';

const INDICATORS = {
  type: 'object' as const,
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up', 'down'] } },
    additionalProperties: true,
  },
};

/** Terminus's own format. */
export class HealthCheckDto {
  @ApiProperty({ enum: ['ok', 'error', 'shutting_down'], example: 'ok' })
  readonly status!: string;

  @ApiProperty({
    ...INDICATORS,
    description: 'What is up.',
    example: { model: { status: 'up', version: '1.0.0', verified: true } },
  })
  readonly info!: object;

  @ApiProperty({ ...INDICATORS, description: 'What is down.', example: {} })
  readonly error!: object;

  @ApiProperty({
    ...INDICATORS,
    description: 'All that was checked.',
    example: { model: { status: 'up', version: '1.0.0', verified: true } },
  })
  readonly details!: object;
}
