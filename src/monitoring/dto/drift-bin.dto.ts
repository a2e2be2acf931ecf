import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { BIN_KINDS, type BinKind } from '../bins/bin.js';

@ApiSchema({ name: 'DriftBin', description: 'Values that are counted together.' })
export class DriftBinDto {
  @ApiProperty({
    description:
      '`known` values are in the training data. `below` and `above` are numbers beyond those of the training; `unknown` is a category that the model does not know.',
    enum: BIN_KINDS,
  })
  readonly kind!: BinKind;

  @ApiProperty({
    description: 'The values: a category, `true` or `false`, or a range, such as `[0, 6)` without 6.',
  })
  readonly bin!: string;

  @ApiProperty({
    description: 'Rows of the training in the bin.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly training_rows!: number;

  @ApiProperty({
    description: 'Rows that were scored in the window, in the bin.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly live_rows!: number;
}
