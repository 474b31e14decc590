/** The whole help text of `relpipe-router`. */
export const usage = `relpipe-router --side NAME=http://HOST:PORT … --state FILE [flags]

A weighted HTTP/1.1 reverse proxy between two or more sides.

relpipe-router status --state FILE   says the weights and the health of the sides
relpipe-router set --state FILE --weights A=90,B=10   sets the weights, whoever set them before
relpipe-router stop --state FILE     finishes the requests in flight and ends it

  --side NAME=URL          a side; give one flag per side, the first gets all traffic at first
  --state FILE             where weights are kept; a restarted router goes on with them
  --listen HOST:PORT       where clients connect                     (127.0.0.1:0, a free port)
  --control HOST:PORT      control endpoint, loopback only           (127.0.0.1:0, a free port)
  --weights A=90,B=10      percent per side for the first start; together 100
  --reset-weights          begin with --weights whatever the state file says
  --token-file FILE        bearer token of the control endpoint, mode 0600   (FILE of --state with .token)
                           or set RELPIPE_ROUTER_TOKEN; made when there is none
  --config FILE            a JSON file with these names without dashes in front; "sides" and "weights" are objects
  --failover               send what an unhealthy side should get to a healthy one (never by default:
                           a share that moves by itself hides failures from the gates)

  --health-path PATH       GET this on each side; 2xx and 3xx are good      (none: a TCP connection)
  --health-every 2s  --health-timeout 1s  --health-rise 2  --health-fall 3
  --connect-timeout 2s  --answer-timeout 60s  --client-head-timeout 15s
  --client-idle 75s  --upstream-idle 4s  --shutdown-timeout 10s
  --help  --version`;
