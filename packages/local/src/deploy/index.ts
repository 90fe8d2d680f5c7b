export type { DeployedStream, DeployedTable, Deployment } from './deployment.ts';
