-- What pgbench does as the floor: the bare row, and the same writes under the same policies.

create table bench_bare (
    position bigint not null,
    tenant uuid not null,
    stream_id uuid not null,
    version integer not null,
    event_id uuid not null,
    command_id uuid not null,
    type text not null,
    schema_version integer not null,
    occurred_at timestamptz not null,
    occurred_precision text not null,
    recorded_at timestamptz not null,
    payload bytea not null,
    sealed bytea not null,
    metadata bytea not null,
    blinding bytea not null,
    leaf_hash bytea not null,
    primary key (position, tenant),
    unique (tenant, stream_id, version)
);
create sequence bench_position;
select es.allow('handler', 'select, insert', 'bench_bare');
select es.allow('handler', 'usage', 'bench_position');
create table bench_copied (like bench_bare including all);

create function bench_same() returns void language plpgsql volatile as $$
declare
    thread constant uuid := '00000000-0000-0000-0000-000000000001';
    stream uuid := gen_random_uuid();
    command uuid := gen_random_uuid();
begin
    perform set_config('app.tenants', thread::text, true);
    insert into es.streams (tenant, stream_id, category, version, recorded_at, leaf_hash)
    values (thread, stream, 'Thing', 1, now(), decode(repeat('cd', 32), 'hex'));
    insert into es.commands (tenant, command_id, outcome, streams, versions)
    values (thread, command, '', array[stream], array[1]);
    insert into es.events values (
        nextval('es.position_seq'), thread, stream, 1, gen_random_uuid(), command, 'Happened', 1,
        now(), 'instant', now(), convert_to(repeat('x', 191), 'UTF8'), ''::bytea,
        convert_to(repeat('m', 122), 'UTF8'), decode(repeat('ab', 32), 'hex'),
        decode(repeat('cd', 32), 'hex'));
end $$;
