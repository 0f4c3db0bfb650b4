-- A hundred titles a request; a part of the requests a title each where ROLECALL_MIX is set. Answers are checked where
-- ROLECALL_CHECK is set.
dofile(os.getenv("ROLECALL_LUA") .. "/titles.lua")

local is_mixed = os.getenv("ROLECALL_MIX") ~= nil
local count = 0

function request()
  count = count + 1
  if is_mixed and count % 4 ~= 0 then return wrk.format("GET", "/v1/match?title=" .. encode(next_title())) end
  local rows = {}
  for number = 1, 100 do rows[number] = quote(next_title()) end
  return wrk.format("POST", "/v1/match/batch", { ["content-type"] = "application/json" }, "[" .. table.concat(rows, ",") .. "]")
end

if os.getenv("ROLECALL_CHECK") then
  function response(status, headers, body) check(status, headers, body) end
end
