-- One title a request.
dofile(os.getenv("ROLECALL_LUA") .. "/titles.lua")

function request()
  return wrk.format("GET", "/v1/match?title=" .. encode(next_title()))
end
