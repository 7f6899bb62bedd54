-- What wrk sends, and what came of it.
--
--   wrk … -s requests.lua BASE-URL -- OPERATION TOKEN PEOPLE RUN
--
-- PEOPLE has a line a member: its id and userName. RUN makes the names of new members unlike those of other runs.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local base = wrk.path  -- the URL that wrk was given
local ids, names, headers, count, run = {}, {}, nil, 0, ""

local function get()
  return wrk.format("GET", base .. "/Users/" .. ids[math.random(#ids)], headers)
end

local function filter()
  local name = names[math.random(#names)]:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)
  return wrk.format("GET", base .. "/Users?filter=userName%20eq%20%22" .. name .. "%22", headers)
end

local function page()
  return wrk.format("GET", base .. "/Users?count=100&startIndex=" .. math.random(#ids - 100), headers)
end

local function first_page()
  return wrk.format("GET", base .. "/Users?count=100", headers)
end

local function post()
  count = count + 1
  local name = run .. "-" .. number .. "-" .. count
  local body = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",'
    .. '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],'
    .. '"userName":"' .. name .. '@northbay.example","externalId":"' .. name .. '","active":true,'
    .. '"displayName":"Rosa Lindqvist","name":{"givenName":"Rosa","familyName":"Lindqvist"},"title":"Account Executive",'
    .. '"emails":[{"primary":true,"type":"work","value":"' .. name .. '@northbay.example"}],'
    .. '"phoneNumbers":[{"type":"mobile","value":"+46 70 000 11 22"}],"locale":"en-US",'
    .. '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field"}}'
  return wrk.format("POST", base .. "/Users", headers, body)
end

local function patch()
  count = count + 1
  local body = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":['
    .. '{"op":"replace","path":"title","value":"' .. run .. "-" .. number .. "-" .. count .. '"}]}'
  return wrk.format("PATCH", base .. "/Users/" .. ids[math.random(#ids)], headers, body)
end

-- As an identity provider's cycle: many lookups, some reading, few writes.
local function mixed()
  local dice = math.random(100)
  if dice <= 50 then return get() end
  if dice <= 85 then return filter() end
  if dice <= 87 then return first_page() end
  if dice <= 97 then return patch() end
  return post()
end

local function constant()
  return wrk.format("GET", base, headers)
end

local operations = {
  constant = constant,
  get = get, filter = filter, page = first_page, ["page anywhere"] = page, post = post, patch = patch, mixed = mixed,
}

function init(arguments)
  local operation, token, people = arguments[1], arguments[2], arguments[3]
  run = arguments[4]
  headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/scim+json" }
  math.randomseed(number * 7919)
  if operation ~= "constant" then
    for line in io.lines(people) do
      local id, name = line:match("^(%S+) (.+)$")
      ids[#ids + 1] = id
      names[#names + 1] = name
    end
  end
  request = operations[operation]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%.6f,"p50":%.1f,"p99":%.1f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
