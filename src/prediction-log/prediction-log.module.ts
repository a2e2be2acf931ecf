import { Module } from '@nestjs/common';
import { PredictionLogMetrics } from './prediction-log.metrics.js';
import { PredictionRecorder } from './prediction-recorder.js';

/** What was asked, and what the model said: for those who compare it with what came true. */
@Module({ providers: [PredictionLogMetrics, PredictionRecorder] })
export class PredictionLogModule {}
