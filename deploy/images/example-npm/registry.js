// Stands in for registries of npm, one for each first part of a path: what each answers to "npm audit".
'use strict'
const http = require('http')
const zlib = require('zlib')

// Both are published advisories.
const advisories = {
  lodash: [{
    id: 1106913,
    url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
    title: 'Command Injection in lodash',
    severity: 'high',
    vulnerable_versions: '<4.17.21',
    cwe: ['CWE-94'],
    cvss: { score: 7.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' }
  }],
  minimist: [{
    id: 1097678,
    url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
    title: 'Prototype Pollution in minimist',
    severity: 'critical',
    vulnerable_versions: '>=1.0.0 <1.2.6',
    cwe: ['CWE-1321'],
    cvss: { score: 9.8, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }
  }]
}

const versions = { lodash: ['4.17.20', '4.17.21'], minimist: ['1.2.5', '1.2.8'] }

const page = '<!doctype html><title>Sign in</title><p>Sign in to use the network.'

function packument (name) {
  const list = versions[name]
  return {
    name,
    'dist-tags': { latest: list[list.length - 1] },
    versions: Object.fromEntries(list.map(version => [version, { name, version, dist: {} }]))
  }
}

// Of what is asked about, as the real one does.
function found (body) {
  const asked = Object.keys(JSON.parse(body))
  return Object.fromEntries(Object.entries(advisories).filter(([name]) => asked.includes(name)))
}

function answer (path, body) {
  const [registry, ...rest] = path.split('/').filter(part => part !== '')
  const audits = rest.join('/') === '-/npm/v1/security/advisories/bulk'
  switch (registry) {
    case 'findings':
      if (audits) return [200, found(body)]
      return rest.length === 1 && versions[rest[0]] ? [200, packument(rest[0])] : [404, { error: 'not found' }]
    case 'none':
      return audits ? [200, {}] : [404, { error: 'not found' }]
    case 'page':
      return [200, page]
    case 'broken':
      return [503, { error: 'try again later' }]
    default:
      return [404, { error: 'not found' }]
  }
}

http.createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const sent = Buffer.concat(parts)
    const body = request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(sent) : sent
    const [status, told] = answer(request.url, body.toString())
    const text = typeof told === 'string'
    response.writeHead(status, { 'content-type': text ? 'text/html' : 'application/json' })
    response.end(text ? told : JSON.stringify(told))
  })
}).listen(8080)

process.on('SIGTERM', () => process.exit(0))
