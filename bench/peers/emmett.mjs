// Emmett's PostgreSQL event store on Node: appends to streams of their own, by so many at once.
// Asked by lines of JSON: {"writers": 16, "seconds": 1}; answers a run a line.
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { MODULES, DATABASE, CONNECTIONS, EVENT } = process.env;
const from = createRequire(pathToFileURL(`${MODULES}/`));
const { getPostgreSQLEventStore } = from('@event-driven-io/emmett-postgresql');
const pg = from('pg');

const pool = new pg.Pool({ connectionString: DATABASE, max: Number(CONNECTIONS) });
const store = getPostgreSQLEventStore(DATABASE, { connectionOptions: { pool } });
const event = JSON.parse(EVENT);

const percentile = (ordered, part) =>
  ordered.length ? ordered[Math.max(0, Math.ceil((ordered.length * part) / 100) - 1)] : 0;

async function write(until, taken) {
  for (;;) {
    const began = performance.now();
    if (began >= until) return;
    await store.appendToStream(`thing-${randomUUID()}`, [event], {
      expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
    });
    taken.push(performance.now() - began);
  }
}

async function run({ writers, seconds }) {
  const taken = [];
  const began = performance.now();
  await Promise.all(Array.from({ length: writers }, () => write(began + seconds * 1e3, taken)));
  const took = (performance.now() - began) / 1e3;
  taken.sort((a, b) => a - b);
  const [p50_ms, p95_ms, p99_ms] = [50, 95, 99].map((part) => percentile(taken, part));
  return { done: taken.length, seconds: took, p50_ms, p95_ms, p99_ms };
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

await store.schema.migrate();
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await run(JSON.parse(line)));
await store.close();
await pool.end();
