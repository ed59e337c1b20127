// Comunica against URL with TOKEN.
import { createRequire } from 'node:module';
const { QueryEngine } = createRequire(process.env.COMUNICA + '/')('@comunica/query-sparql');
const { URL: base, TOKEN: token } = process.env;
const engine = new QueryEngine();
const endpoint = { type: 'sparql', value: base + '/sparql' };
const prefix = 'PREFIX : <http://example.org/> ';

async function check(name, got, want) {
  try {
    const value = JSON.stringify(await got());
    console.log(value === JSON.stringify(want) ? `ok ${name}` : `FAIL ${name}: ${value}, want ${JSON.stringify(want)}`);
  } catch (e) {
    console.log(`FAIL ${name}: ${String(e).slice(0, 300)}`);
  }
}
const rows = async (query, context = { sources: [endpoint] }) =>
  (await (await engine.queryBindings(prefix + query, context)).toArray()).map(b => [...b].map(([v, t]) => t.value)).sort();

await check('SELECT', () => rows('SELECT ?t { :c2 :title ?t }'), [['Chemie']]);
await check('language', async () => (await (await engine.queryBindings(prefix + 'SELECT ?t { :c2 :title ?t }', { sources: [endpoint] })).toArray()).map(b => b.get('t').language), ['de']);
await check('join', () => rows('SELECT ?t { :c3 :next/:next ?c . ?c :title ?t FILTER(LANG(?t) = "en") }'), [['Physics']]);
await check('OPTIONAL', () => rows('SELECT ?c ?n { ?c a :Course OPTIONAL { ?c :open ?n } }').then(r => r.length), 3);
await check('aggregate', () => rows('SELECT (SUM(?n) AS ?sum) { ?c :credits ?n }'), [['2.5E1']]);
await check('ORDER BY and LIMIT', () => rows('SELECT ?c { ?c :credits ?n } ORDER BY DESC(?n) ?c LIMIT 1'), [['http://example.org/c2']]);
await check('blank nodes', () => rows('SELECT ?t { :c1 :part ?b . ?b :title ?t }'), [['Lab']]);
await check('ASK', () => engine.queryBoolean(prefix + 'ASK { :c1 :credits 5 }', { sources: [endpoint] }), true);
await check('CONSTRUCT', async () => (await (await engine.queryQuads(prefix + 'CONSTRUCT WHERE { ?s :next ?o }', { sources: [endpoint] })).toArray()).length, 2);
await check('source recognised by its description', () => rows('SELECT ?t { :c2 :title ?t }', { sources: [base + '/sparql'] }), [['Chemie']]);
await check('graph store as a document', () => rows('SELECT ?t { :c2 :title ?t }', { sources: [base + '/data?default'] }), [['Chemie']]);
await check('two sources', () => rows('SELECT DISTINCT ?t { ?c :next :c1 ; :title ?t }', { sources: [endpoint, base + '/data?default'] }), [['Chemie']]);
await check('SERVICE', () => rows(`SELECT ?t { VALUES ?c { :c2 :c3 } SERVICE <${base}/sparql> { ?c :title ?t } }`, { sources: [{ type: 'serialized', value: '', mediaType: 'text/turtle', baseIRI: 'http://example.org/' }] }), [['Chemie'], ['日本語']]);
const authorized = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('Authorization', 'Bearer ' + token);
  return fetch(url, { ...init, headers });
};
const destination = { sources: [{ type: 'sparql', value: base + '/update' }], destination: { type: 'sparql', value: base + '/update' }, fetch: authorized };
await check('update', async () => {
  await engine.queryVoid(prefix + 'INSERT DATA { GRAPH :g { :s :p "ü" } }', destination);
  return rows('SELECT ?o { GRAPH :g { :s :p ?o } }');
}, [['ü']]);
await check('update without a token', async () => {
  try {
    await engine.queryVoid(prefix + 'CLEAR ALL', { ...destination, fetch: undefined });
    return 'accepted';
  } catch (e) {
    return String(e).includes('401') ? 'refused' : String(e);
  }
}, 'refused');
await check('syntax error', async () => {
  try {
    await rows('SELECT * { ?s');
    return 'accepted';
  } catch {
    return 'refused';
  }
}, 'refused');
