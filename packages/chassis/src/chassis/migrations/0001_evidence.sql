-- The transparency log of each authority's events in this service, and its signed checkpoints.

-- Where an event's leaf stands in its authority's log.
create table es.log_leaves (
    tenant uuid not null,
    position bigint not null,
    leaf_index bigint not null,
    primary key (tenant, position),
    unique (tenant, leaf_index)
);

-- How many leaves each log has.
create table es.log_sizes (
    tenant uuid not null,
    size bigint not null,
    primary key (tenant)
) with (fillfactor = 70);

-- Hashes of the full subtrees of the log: level 0 holds the leaves.
create table es.log_nodes (
    tenant uuid not null,
    level smallint not null,
    node_index bigint not null,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (tenant, level, node_index)
);

-- Signed notes, the newest the largest.
create table es.log_checkpoints (
    tenant uuid not null,
    size bigint not null,
    note text not null,
    signed_at timestamptz not null,
    primary key (tenant, size)
);

select es.protect('es.log_leaves');
select es.protect('es.log_sizes');
select es.protect('es.log_nodes');
select es.protect('es.log_checkpoints');
