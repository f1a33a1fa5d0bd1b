-- By which a list finds the families that a message could not reach.
create index person_families_of_family on read.person_families (tenant, family_id);
create index deliveries_failed on read.deliveries (tenant, person) where failed;
