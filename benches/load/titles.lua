-- Gives every thread of wrk the titles of examples/titles.csv, and counts answers that are wrong: another status than 2xx, or
-- parts from another index than the header names.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local function read()
  local titles = {}
  local file = assert(io.open(os.getenv("ROLECALL_TITLES"), "r"))
  for line in file:lines() do titles[#titles + 1] = line end
  file:close()
  return titles
end

function encode(text)
  return (text:gsub("[^%w]", function(letter) return string.format("%%%02X", letter:byte()) end))
end

function quote(text)
  return '"' .. text:gsub('[%c"\\]', function(letter) return string.format("\\u%04x", letter:byte()) end) .. '"'
end

titles = read()
place = 0
bad, mixed, answers = 0, 0, 0

function next_title()
  place = place % #titles + 1
  return titles[place]
end

-- wrk asks for every answer to be shown only where this is set: it costs time.
function check(status, headers, body)
  answers = answers + 1
  if status < 200 or status > 299 then bad = bad + 1 end
  local index = headers["rolecall-index"]
  for found in body:gmatch('"index":"(%x+)"') do
    if found ~= index then mixed = mixed + 1 end
  end
end

function done(summary, latency, requests)
  local bad, mixed, answers = 0, 0, 0
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("bad")
    mixed = mixed + thread:get("mixed")
    answers = answers + thread:get("answers")
  end
  local errors = summary.errors
  io.write(string.format("RESULT rate=%.1f p50_us=%.0f p99_us=%.0f requests=%d non2xx=%d socket=%d checked=%d bad=%d mixed=%d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99), summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, answers, bad, mixed))
end
