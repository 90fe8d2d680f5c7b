export { deploy } from './deploy.ts';
export type { Deployment } from './deployment.ts';
