-- The beginnings of titles, one letter to twelve; with ROLECALL_PAUSE_MS a pause of half to one and a half times as long before
-- each request, so that the rate is as wanted.
dofile(os.getenv("ROLECALL_LUA") .. "/titles.lua")

local pause = tonumber(os.getenv("ROLECALL_PAUSE_MS") or "0")
local length = 0

function request()
  length = length % 12 + 1
  return wrk.format("GET", "/v1/suggest?q=" .. encode(next_title():sub(1, length):match("^[%w%p ]*")))
end

if pause > 0 then
  function delay() return math.random(math.floor(pause / 2), math.ceil(pause * 3 / 2)) end
end
