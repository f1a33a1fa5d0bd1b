-- A rebuild that was cut off goes on where it stood, and projections follow the log in shards.

-- Of how many shards a checkpoint is one; all checkpoints of one name say the same.
alter table es.checkpoints add column shards integer not null default 1 check (shards > shard);
select es.allow('worker', 'delete', 'es.checkpoints');

-- How far the tables beside are filled, a row a shard. A row moves in the transaction that writes
-- what it stands for. `run` names one attempt from its beginning on; `code` and `shape` say what it
-- was made by and made like. No tenant: it holds positions.
create table es.rebuilds (
    name text not null,
    shard integer not null,
    shards integer not null check (shards > shard),
    run uuid not null,
    code text not null,
    shape text not null,
    until bigint not null,
    position bigint not null default 0,
    event_id uuid,
    events bigint not null default 0,
    begun_at timestamptz not null default clock_timestamp(),
    primary key (name, shard)
);
select es.allow('worker', 'select, update', 'es.rebuilds');

-- What a table is like: its columns, checks, keys and indexes, not what they are called. Of a table
-- that is not there: null.
create function es.shape_of(what regclass) returns text
language sql stable
as $$
    select md5(string_agg(line, e'\n' order by line))
      from (select 'column ' || a.attnum || a.attname || format_type(a.atttypid, a.atttypmod)
                   || a.attnotnull || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as line
              from pg_attribute a
              left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = what and a.attnum > 0 and not a.attisdropped
            union all
            select pg_get_constraintdef(c.oid) from pg_constraint c where c.conrelid = what
            union all
            select regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', '')
              from pg_index i where i.indrelid = what) lines
     where what is not null
$$;

-- Let the planner know a table beside before it is asked.
create function es.analyze_beside(live regclass) returns void
language plpgsql
as $$
begin
    execute format('analyze %s', es.beside(live));
end $$;
