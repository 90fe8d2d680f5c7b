import { join } from 'node:path';
import { repository } from '../repository.ts';

/** The pipeline of this repository, which every figure of it runs. */
export const pipelineTemplate: string = join(repository, 'template.yaml');

/** The names that the lab has, and tables in which there is nothing of an earlier release, as in a demonstration. */
export const pipelineParameters = { Names: 'lab', FormerKeys: 'false' } as const;
