-- Which family a person belongs to: a worker who knows a family is shown nothing of its people.
create table read.person_families (
    tenant uuid not null,
    person uuid not null,
    family_id uuid not null,
    primary key (tenant, person)
);
select es.protect('read.person_families');
