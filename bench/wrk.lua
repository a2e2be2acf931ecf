-- Posts its first argument over and over, and demands status 200 and an answer that begins as the second.

wrong = 0
local expected
local client

function setup(thread)
  client = thread
end

function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = args[1]
  expected = args[2]
end

function response(status, _, body)
  if status ~= 200 or body:sub(1, #expected) ~= expected then
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"durationUs":%d,"wrong":%d,"failed":%d,"p50Us":%d}',
    summary.requests, summary.duration, client:get("wrong"),
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50)))
end
