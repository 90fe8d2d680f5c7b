import { type Command, Option } from 'commander';
import { parseFolder } from '../command-line/option-values.ts';

/** Where batches lie that were given up. */
export interface FailedBatchOptions {
  readonly bucket?: string;
  /** Folder in the layout of the bucket, instead of it. */
  readonly failedBatches?: string;
}

/** Adds the options that say where batches lie that were given up. */
export function addFailedBatchOptions(command: Command): Command {
  return command
    .option('--bucket <name>', 'bucket of batches that were given up (default: that of the stack)')
    .addOption(
      new Option(
        '--failed-batches <folder>',
        'folder of batches that were given up, as up --failed-batches keeps them',
      )
        .argParser(parseFolder)
        .conflicts('bucket'),
    );
}
