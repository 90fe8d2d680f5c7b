export { type DeployClients, deploy } from './deploy.ts';
export { DeployError } from './deploy-error.ts';
export type { DeployedStream, DeployedTable, Deployment } from './deployment.ts';
