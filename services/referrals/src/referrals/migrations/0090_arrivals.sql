-- Families of cases that passed to an authority, and whose people are not here yet.
create table read.awaited_families (
    tenant uuid not null,
    transfer_id uuid not null,
    awaited_by uuid not null,
    correlation_id uuid not null,
    primary key (tenant, transfer_id)
);
select es.protect('read.awaited_families');
