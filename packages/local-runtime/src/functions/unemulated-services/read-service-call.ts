import type { IncomingHttpHeaders } from 'node:http';

/** The wire formats of AWS services, as far as their errors differ. */
export type ServiceProtocol = 'json' | 'cbor' | 'query' | 'rest-json' | 'rest-xml';

/** What a request of an AWS SDK says about itself. */
export interface ServiceCall {
  /** The service's id in lower case, such as `s3` or `secrets_manager`. */
  readonly service: string;
  /** Name of the operation where the request says it, else method and path. */
  readonly operation: string;
  /** Variable of AWS SDKs that points the service elsewhere. */
  readonly variable: string;
  readonly protocol: ServiceProtocol;
}

const PATH_LENGTH_MAX = 100;
/** An SDK always says which service it means; a program of another kind may not. */
const UNKNOWN = 'an unknown service';

/** Services whose id is not the name that they are signed with; an SDK reads the id in the name of the variable. */
const SERVICE_IDS: Readonly<Record<string, string>> = {
  aoss: 'opensearchserverless',
  appconfig: 'appconfigdata',
  bedrock: 'bedrock_runtime',
  'cognito-identity': 'cognito_identity',
  'cognito-idp': 'cognito_identity_provider',
  email: 'ses',
  es: 'opensearch',
  events: 'eventbridge',
  'execute-api': 'apigatewaymanagementapi',
  logs: 'cloudwatch_logs',
  monitoring: 'cloudwatch',
  'rds-data': 'rds_data',
  's3-object-lambda': 's3',
  s3express: 's3',
  secretsmanager: 'secrets_manager',
  states: 'sfn',
  tagging: 'resource_groups_tagging_api',
};

/**
 * Reads which service and operation a request is for.
 *
 * The service is in the user agent of most SDKs, and in the scope of every signature.
 *
 * @param body - its beginning; the query protocol has the operation there
 */
export function readServiceCall(request: {
  readonly method: string;
  /** Path with query, without our own prefix. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}): ServiceCall {
  const { method, headers, body } = request;
  const { pathname, searchParams } = new URL(request.path, 'http://service');
  const agent = [headers['x-amz-user-agent'], headers['user-agent']].join(' ');
  const named = /\bapi\/([a-z0-9_-]+)#/i.exec(agent)?.[1];
  const scope = headers.authorization ?? searchParams.get('X-Amz-Credential') ?? '';
  const signed = /\/([a-z0-9-]+)\/aws4_request/.exec(scope)?.[1] ?? '';
  // Two services are signed with one name.
  const isSesV2 = signed === 'email' && pathname.startsWith('/v2/');
  const service = (named ?? (isSesV2 ? 'sesv2' : SERVICE_IDS[signed]) ?? (signed || UNKNOWN))
    .toLowerCase()
    .replaceAll('-', '_');
  const target = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  const action = /(?:^|&)Action=([A-Za-z0-9]+)/.exec(body)?.[1];
  const remote = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(pathname)?.[1];
  return {
    service,
    operation: target || action || remote || `${method} ${pathname.slice(0, PATH_LENGTH_MAX)}`,
    variable: service === UNKNOWN ? 'AWS_ENDPOINT_URL' : `AWS_ENDPOINT_URL_${service.toUpperCase()}`,
    protocol: protocolOf(headers, service),
  };
}

const XML_SERVICES = new Set(['s3', 's3_control', 'route_53', 'cloudfront']);

function protocolOf(headers: IncomingHttpHeaders, service: string): ServiceProtocol {
  const type = headers['content-type'] ?? '';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor' || type.includes('cbor')) {
    return 'cbor';
  }
  if (headers['x-amz-target'] !== undefined) {
    return 'json';
  }
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return 'query';
  }
  return XML_SERVICES.has(service) ? 'rest-xml' : 'rest-json';
}
