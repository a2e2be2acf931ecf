import { type DynamicModule, Module } from '@nestjs/common';
import { type DtoClass, dtoSchema } from '../prediction/validation/dto-schema.js';
import { INPUT_SCHEMA, ModelInfoController } from './model-info.controller.js';

/** Tells people and programs about the model that is served. */
@Module({})
export class ModelInfoModule {
  /** @param input DTO of the customer, with a field for each feature */
  static forInput(input: DtoClass): DynamicModule {
    return {
      module: ModelInfoModule,
      controllers: [ModelInfoController],
      providers: [{ provide: INPUT_SCHEMA, useFactory: () => dtoSchema(input) }],
    };
  }
}
