import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Health', description: 'Whether the service predicts, and with which model.' })
export class HealthDto {
  @ApiProperty({
    description: 'Healthy as long as the model takes requests.',
    enum: ['healthy', 'unhealthy'],
    example: 'healthy',
  })
  readonly status!: 'healthy' | 'unhealthy';

  @ApiProperty({ description: 'Whether the model is loaded and takes requests.', example: true })
  readonly model_loaded!: boolean;

  @ApiProperty({ description: 'Version of the served model.', example: '1.0.0' })
  readonly model_version!: string;

  @ApiProperty({ description: 'Seconds since the process started.', minimum: 0, example: 12.3 })
  readonly uptime_seconds!: number;

  @ApiProperty({
    description:
      'Present and false only if the model is served without proof that it answers as it did in training.',
    required: false,
    enum: [false],
    type: 'boolean',
  })
  readonly model_verified?: boolean;
}
