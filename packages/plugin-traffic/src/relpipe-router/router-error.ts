/** A message, a stable `TRAFFIC_…` code, and the next action. */
export class RouterError extends Error {
  readonly code: RouterErrorCode;
  readonly hint: string;

  constructor(code: RouterErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'RouterError';
    this.code = code;
    this.hint = hint;
  }
}

export type RouterErrorCode =
  | 'TRAFFIC_ROUTER_USAGE'
  | 'TRAFFIC_ROUTER_WEIGHTS_INVALID'
  | 'TRAFFIC_ROUTER_PREVIEW_INVALID'
  | 'TRAFFIC_ROUTER_GENERATION_CONFLICT'
  | 'TRAFFIC_ROUTER_STATE_UNREADABLE'
  | 'TRAFFIC_ROUTER_STATE_MISMATCH'
  | 'TRAFFIC_ROUTER_ALREADY_RUNNING'
  | 'TRAFFIC_ROUTER_TOKEN_UNSAFE'
  | 'TRAFFIC_ROUTER_NOT_LISTENING'
  | 'TRAFFIC_ROUTER_NOT_STARTED'
  | 'TRAFFIC_ROUTER_NOT_REACHED'
  | 'TRAFFIC_ROUTER_REFUSED';
