import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ServerMetadata', description: 'What serves.' })
export class ServerMetadataDto {
  @ApiProperty({ description: 'The name of the server.' })
  readonly name!: string;

  @ApiProperty({ description: 'The version of the server.' })
  readonly version!: string;

  @ApiProperty({ description: 'The extensions of the protocol that it supports.', type: [String] })
  readonly extensions!: readonly string[];
}

@ApiSchema({ name: 'ServerLive', description: 'Whether the server is alive.' })
export class ServerLiveDto {
  @ApiProperty({ description: 'Whether it can answer.' })
  readonly live!: boolean;

  @ApiProperty({ description: 'Why not.', required: false })
  readonly error?: string;
}

@ApiSchema({ name: 'ServerReady', description: 'Whether the server is ready.' })
export class ServerReadyDto {
  @ApiProperty({ description: 'Whether its model takes requests.' })
  readonly ready!: boolean;

  @ApiProperty({ description: 'Why not.', required: false })
  readonly error?: string;
}
