import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SettingsError } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { FOLDER_MODE } from './rotating-file.js';

/**
 * Makes the folder of the prediction log, if there is to be one.
 *
 * @throws {SettingsError} if files could not be written into it, or not as large as they are to be
 */
export async function requireLogFolder(settings: Settings): Promise<void> {
  const { predictionLog, predictionLogPath, predictionLogFileBytes, predictionLogTotalBytes } = settings;
  if (!predictionLog) {
    return;
  }
  if (predictionLogTotalBytes < 2 * predictionLogFileBytes) {
    throw new SettingsError(
      `PREDICTION_LOG_TOTAL_BYTES must be at least twice PREDICTION_LOG_FILE_BYTES, but they are ${predictionLogTotalBytes} and ${predictionLogFileBytes}`,
    );
  }
  try {
    await mkdir(predictionLogPath, { recursive: true, mode: FOLDER_MODE });
    await access(predictionLogPath, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SettingsError(
      `PREDICTION_LOG_PATH must be a folder that the service can write, but ${resolve(predictionLogPath)} is not: ${(error as Error).message}. Mount a volume there, or set another folder.`,
    );
  }
}
