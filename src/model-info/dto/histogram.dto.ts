import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Histogram', description: 'How many values lie in which bin.' })
export class HistogramDto {
  @ApiProperty({
    description:
      'Bin i holds the values from edges[i], included, to edges[i+1], excluded; the last bin includes both.',
    type: [Number],
    minItems: 2,
  })
  readonly edges!: readonly number[];

  @ApiProperty({
    description: 'Number of values in each bin.',
    type: 'array',
    items: { type: 'integer', minimum: 0 },
    minItems: 1,
  })
  readonly counts!: readonly number[];
}
