// Loaded into the proxy before it starts (hub/config.py). For targets on unix sockets the proxy opens one
// connection a request and asks for it to be closed. A desk that answers at once then closes before Node's last,
// empty write of a request with a body; on a unix socket that write fails (EPIPE), and Node reports the failure
// instead of the answer that is already there: measured, 2 % of such requests became 503, a third of them under
// load. With connections kept alive the desk does not close, and the race is gone. Upgrades (websockets) are left as
// they are.
"use strict";

const http = require("node:http");
const { syncBuiltinESMExports } = require("node:module");

const kept = new http.Agent({ keepAlive: true, keepAliveMsecs: 1000, maxFreeSockets: 16, timeout: 30000 });
const request = http.request;

http.request = function requestOverKeptSockets(options, ...rest) {
  const headers = (options && options.headers) || {};
  if (options && options.socketPath && options.agent === false && !headers.upgrade) {
    const { connection, ...others } = headers;
    return request.call(this, { ...options, agent: kept, headers: others }, ...rest);
  }
  return request.call(this, options, ...rest);
};
syncBuiltinESMExports();
