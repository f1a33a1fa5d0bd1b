-- Who owes a child the service now, as its line of duty says: null while nobody can say. A child
-- that is not here has had no line that named anybody.
create table read.owed_now (
    tenant uuid not null,
    child uuid not null,
    duty_holder text,
    primary key (tenant, child)
);
select es.protect('read.owed_now');
