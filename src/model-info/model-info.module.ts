import { Module } from '@nestjs/common';
import { ModelInfoController } from './model-info.controller.js';

/** Tells people and programs about the model that is served. */
@Module({ controllers: [ModelInfoController] })
export class ModelInfoModule {}
